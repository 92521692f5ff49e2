# XiVO (https://xivo.solutions): chan_sip or PJSIP, provd, PostgreSQL.
#
# Paths, scripts and expiry values: XiVO's documentation, "High Availability".
# `hotpair platform xivo` prints this file. ha.hcl overrides everything in it
# but title, roles, state, stock, postgresql, without_ha, telephony and
# replication.tables; to change those, write a platform of your own with
# base = "xivo" and name its file: platform = "/etc/hotpair/mine.hcl".

title = "XiVO"

roles {
  active  = "master"
  standby = "slave"
}

state {
  ha_conf   = "/etc/xivo/ha.conf"
  primary   = "/var/lib/wazo/is-primary"
  secondary = "/var/lib/wazo/is-secondary"
  passive   = "/var/lib/wazo/disabled"
  plugins   = "/var/lib/xivo-provd/plugins"
}

stock {
  master_file        = "/etc/cron.d/xivo-ha-master"
  slave_file         = "/etc/cron.d/xivo-ha-slave"
  replicate_database = "/usr/sbin/xivo-master-slave-db-replication"
  replicate_files    = "/usr/bin/xivo-sync"
  check_master       = "/usr/sbin/xivo-check-master-status"
}

postgresql {
  directory = "/etc/postgresql"
  cluster   = "main"
  database  = "asterisk"
  user      = "postgres"
  unit      = "postgresql.service"
}

# The documented values. A maximum of 5 minutes lets a phone stay on a dead
# server for 5 min 32 s: hotpair warns, and "4m" keeps a promise of 5 minutes.
sip_expiry {
  min     = "3m"
  max     = "5m"
  default = "4m"
}

# What registrations have on a node in no pair: the values that XiVO ships.
without_ha {
  min     = "1m"
  max     = "1h"
  default = "2m"
}

telephony {
  unit     = "asterisk.service"
  manage   = "/usr/sbin/xivo-manage-slave-services"
  service  = "/usr/bin/xivo-service"
  generate = "/usr/bin/xivo-confgen"
  asterisk = "/usr/sbin/asterisk"
}

provisioning {
  url = "http://127.0.0.1:8666/0.2"

  auth {
    url      = "http://127.0.0.1:9497/0.1"
    key_file = "/var/lib/wazo-auth-keys/hotpair-key.yml"
  }
}

database {
  url = "postgres:///asterisk?host=/var/run/postgresql&user=postgres"
}

replication {
  schedule = "0 * * * *"

  directories = [
    # documented
    "/etc/asterisk/extensions_extra.d",
    "/etc/xivo/asterisk",
    "/var/lib/asterisk/agi-bin",
    "/var/lib/asterisk/moh",
    "/var/lib/xivo/certificates",
    "/var/lib/xivo/sounds/acd",
    "/var/lib/xivo/sounds/playback",
  ]

  exclude {
    tables = [
      # documented; dhcp is copied: both nodes serve the same subnet
      "call_log",
      "call_log_participant",
      "cel",
      "mail",
      "monitoring",
      "netiface",
      "queue_log",
      "resolvconf",
      "stat_agent",
      "stat_agent_periodic",
      "stat_call_on_queue",
      "stat_queue",
      "stat_queue_periodic",
      # the node's own network address for provd
      "provisioning",
    ]
  }

  tables {
    # Tokens, sessions and the node's UUID: copied, they would log out the
    # other node's own services.
    node_local = [
      "auth_session",
      "auth_token",
      "infos",
      "session",
    ]

    version = [
      "alembic_version",
      "alembic_version_auth",
      "alembic_version_dird",
    ]
  }
}
