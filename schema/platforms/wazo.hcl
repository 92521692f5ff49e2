# Wazo (https://wazo.io), 20.13 and later: PJSIP, wazo-provd, PostgreSQL.
#
# Paths, scripts and expiry values: Wazo's documentation, "High Availability".
# `hotpair platform wazo` prints this file. ha.hcl overrides everything in it
# but title, roles, state, stock, postgresql, without_ha, telephony and
# replication.tables; to change those, write a platform of your own with
# base = "wazo" and name its file: platform = "/etc/hotpair/mine.hcl".

title = "Wazo"

roles {
  active  = "master"
  standby = "slave"
}

state {
  ha_conf   = "/etc/xivo/ha.conf"
  primary   = "/var/lib/wazo/is-primary"
  secondary = "/var/lib/wazo/is-secondary"
  passive   = "/var/lib/wazo/disabled" # while wazo-service is disabled
}

stock {
  master_file        = "/etc/cron.d/xivo-ha-master"
  slave_file         = "/etc/cron.d/xivo-ha-slave"
  replicate_database = "/usr/sbin/xivo-master-slave-db-replication"
  replicate_files    = "/usr/bin/wazo-sync"
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

# What registrations have on a node in no pair: the values that Wazo ships.
without_ha {
  min     = "1m"
  max     = "1h"
  default = "2m"
}

telephony {
  unit     = "asterisk.service"
  manage   = "/usr/sbin/xivo-manage-slave-services"
  service  = "/usr/bin/wazo-service"
  generate = "/usr/bin/wazo-confgen"
  asterisk = "/usr/sbin/asterisk"
}

provisioning {
  url = "http://127.0.0.1:8666/0.2" # wazo-provd

  auth {
    url      = "http://127.0.0.1:9497/0.1" # wazo-auth
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
    "/var/lib/wazo/sounds/tenants",
    # taken by wazo-sync as well
    "/root/.config/wazo-auth-cli",
    "/var/lib/wazo-auth-keys",
  ]

  exclude {
    # wazo-sync leaves out the categories of recordings.
    files = [
      "/var/lib/wazo/sounds/tenants/*/monitor*",
      "/var/lib/wazo/sounds/tenants/*/recording*",
    ]

    tables = [
      # documented, by the names of the documentation
      "call_log",
      "call_log_participant",
      "cel",
      "dhcp",
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
      # the same by today's names; with the old names only, the records of calls
      # during an outage would be lost
      "call_logd_call_log",
      "call_logd_call_log_destination",
      "call_logd_call_log_participant",
      "call_logd_export",
      "call_logd_recording",
      "call_logd_voicemail_transcription",
      # the node's own network address for wazo-provd
      "provisioning",
    ]
  }

  tables {
    # Tokens, sessions and the node's UUID: copied, they would log out the
    # slave's own services.
    node_local = [
      "auth_session",
      "auth_token",
      "chatd_session",
      "infos",
      "session",
      "webhookd_subscription_log",
    ]

    version = [
      "alembic_version",
      "alembic_version_auth",
      "alembic_version_dird",
      "alembic_version_webhookd",
      "call_logd_alembic_version",
      "chatd_alembic_version",
    ]
  }
}
