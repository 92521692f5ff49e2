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
  plugins   = "/var/lib/wazo-provd/plugins"
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

    # Presence: copied, and no reason for a run.
    volatile = [
      "agent_login_status",
      "chatd_channel",
      "chatd_endpoint",
      "chatd_line",
    ]

    # Known and copied; a table that stands nowhere here is copied too, and named
    # in a warning.
    replicated = [
      "accessfeatures",
      "agent_login_status",
      "agent_membership_status",
      "agentfeatures",
      "agentglobalparams",
      "agentqueueskill",
      "application",
      "application_dest_node",
      "asterisk_file",
      "asterisk_file_section",
      "asterisk_file_variable",
      "auth_access",
      "auth_address",
      "auth_email",
      "auth_external_auth_config",
      "auth_external_auth_type",
      "auth_group",
      "auth_group_policy",
      "auth_ldap_config",
      "auth_policy",
      "auth_policy_access",
      "auth_refresh_token",
      "auth_saml_config",
      "auth_saml_pysaml2_cache",
      "auth_saml_session",
      "auth_tenant",
      "auth_tenant_domain",
      "auth_user",
      "auth_user_external_auth",
      "auth_user_group",
      "auth_user_policy",
      "blocklist",
      "blocklist_number",
      "blocklist_user",
      "call_logd_config",
      "call_logd_retention",
      "call_logd_tenant",
      "callerid",
      "callfilter",
      "callfiltermember",
      "chatd_channel",
      "chatd_delivery_record",
      "chatd_endpoint",
      "chatd_line",
      "chatd_message_delivery",
      "chatd_message_meta",
      "chatd_refresh_token",
      "chatd_room",
      "chatd_room_message",
      "chatd_room_user",
      "chatd_tenant",
      "chatd_user",
      "chatd_user_identity",
      "conference",
      "context",
      "contextinclude",
      "contextmember",
      "contextnumbers",
      "contexttype",
      "dialaction",
      "dialpattern",
      "dird_contact",
      "dird_contact_fields",
      "dird_display",
      "dird_display_column",
      "dird_favorite",
      "dird_phonebook",
      "dird_profile",
      "dird_profile_service",
      "dird_profile_service_source",
      "dird_service",
      "dird_source",
      "dird_tenant",
      "dird_user",
      "endpoint_sip",
      "endpoint_sip_section",
      "endpoint_sip_section_option",
      "endpoint_sip_template",
      "extensions",
      "external_app",
      "feature_extension",
      "features",
      "func_key",
      "func_key_dest_agent",
      "func_key_dest_bsfilter",
      "func_key_dest_conference",
      "func_key_dest_custom",
      "func_key_dest_features",
      "func_key_dest_forward",
      "func_key_dest_group",
      "func_key_dest_groupmember",
      "func_key_dest_paging",
      "func_key_dest_park_position",
      "func_key_dest_parking",
      "func_key_dest_queue",
      "func_key_dest_service",
      "func_key_dest_user",
      "func_key_destination_type",
      "func_key_mapping",
      "func_key_template",
      "func_key_type",
      "groupfeatures",
      "iaxcallnumberlimits",
      "incall",
      "ingress_http",
      "ivr",
      "ivr_choice",
      "line_extension",
      "linefeatures",
      "meeting",
      "meeting_authorization",
      "meeting_owner",
      "moh",
      "outcall",
      "outcalltrunk",
      "paging",
      "paginguser",
      "parking_lot",
      "phone_number",
      "pickup",
      "pickupmember",
      "pjsip_transport",
      "pjsip_transport_option",
      "queue",
      "queuefeatures",
      "queuemember",
      "queueskill",
      "queueskillrule",
      "rightcall",
      "rightcallexten",
      "rightcallmember",
      "sccpdevice",
      "sccpgeneralsettings",
      "sccpline",
      "schedule",
      "schedule_path",
      "schedule_time",
      "stat_switchboard_queue",
      "staticiax",
      "staticqueue",
      "staticvoicemail",
      "stats_conf",
      "stats_conf_agent",
      "stats_conf_queue",
      "stats_conf_xivouser",
      "switchboard",
      "switchboard_member_user",
      "tenant",
      "trunkfeatures",
      "user_external_app",
      "user_line",
      "usercustom",
      "userfeatures",
      "useriax",
      "voicemail",
      "webhookd_subscription",
      "webhookd_subscription_event",
      "webhookd_subscription_metadatum",
      "webhookd_subscription_option",
    ]
  }
}
