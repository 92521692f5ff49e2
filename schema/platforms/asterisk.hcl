# Asterisk by itself (https://www.asterisk.org): configuration in files, no
# telephony database, no provisioning daemon, no scripts for a pair.
#
# `hotpair platform asterisk` prints this file. ha.hcl overrides everything in it
# but title, roles, state and telephony; to change those, write a platform of
# your own with base = "asterisk" and name its file:
# platform = "/etc/hotpair/mine.hcl".

title = "Asterisk"

roles {
  active  = "master"
  standby = "slave"
}

# Asterisk has no notion of a pair: the state files are hotpair's own.
state {
  ha_conf   = "/var/lib/hotpair/ha.conf"
  primary   = "/var/lib/hotpair/is-primary"
  secondary = "/var/lib/hotpair/is-secondary"
}

# Short enough for a promise of 5 minutes: 4 min and 32 s.
sip_expiry {
  min     = "1m"
  max     = "4m"
  default = "2m"
}

telephony {
  unit     = "asterisk.service"
  asterisk = "/usr/sbin/asterisk"

  pjsip_conf = "/etc/asterisk/pjsip.conf"
  sip_conf   = "/etc/asterisk/sip.conf"
}

provisioning {
  enabled = false
}

database {
  enabled = false
}

replication {
  schedule = "0 * * * *"

  # Asterisk's own places for scripts, music on hold and voicemail
  # (asterisk.conf: astagidir, astdatadir, astspooldir).
  directories = [
    "/var/lib/asterisk/agi-bin",
    "/var/lib/asterisk/moh",
    "/var/spool/asterisk/voicemail",
  ]
}
