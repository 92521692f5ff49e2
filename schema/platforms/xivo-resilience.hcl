# XiVO Resilience (https://xivo.solutions), 2026: a main and a standby node.
#
# Names and expiry values: XiVO's documentation, "Resilience"; everything else is
# that of platform xivo. `hotpair platform xivo-resilience` prints this file.

base  = "xivo"
title = "XiVO Resilience"

roles {
  active  = "main"
  standby = "standby"
}

# The documented values. A maximum of 5 minutes lets a phone stay on a dead
# server for 5 min 32 s: hotpair warns, and "4m" keeps a promise of 5 minutes.
sip_expiry {
  min     = "1m"
  max     = "5m"
  default = "2m"
}
