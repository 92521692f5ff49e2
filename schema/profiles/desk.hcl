# Phones of Wazo and XiVO whose makers say how they change servers. None gives a
# time for the change itself, so that is by registration.

# Every registration and every call tries the main server first, then the backup
# (Aastra and Mitel, administrator's guide, "Backup Proxy/Registrar Support"). "sip
# registration timeout retry timer" is 120 s unless it is set.
profile "aastra" {
  vendors = ["Aastra", "Mitel"]
  retry   = "120s"
}

# The failover identity is a registration of its own at the backup server, tried
# again after "retry_after_failed_register": 300 s, give or take a tenth, unless it
# is set (Snom, "SIP Failover" and that setting's page). It is no longer used once
# the first identity is registered again.
profile "snom" {
  vendors = ["Snom"]
  retry   = "330s"
}

# "account.X.reg_fail_retry_interval" is 30 s unless it is set. Wazo's plugin has
# the phone register at one server at a time; from the backup it asks the main one
# every 120 s, "account.X.fallback.timeout" (Yealink, administrator's guides, and
# wazo-provd's plugin wazo-yealink).
profile "yealink" {
  vendors = ["Yealink"]
  to_main = "0s-120s"
  retry   = "30s"
}
