# Phones that no other profile is for.
#
# A phone that registered just before its server died notices when it registers
# again, after sip_expiry.max at the latest, and gives up after SIP Timer F, 32 s
# (RFC 3261 §17.1.2.2). One that comes before the standby serves tries again: RFC
# 5626 §4.5 has it wait for at most 60 s after the first failure.
#
# `hotpair profiles` lists these files and prints them. A block `profile` in
# ha.hcl changes a profile argument by argument, or adds one; of several that are
# for a phone the one that asks for most wins, a model for more than a plugin,
# and that for more than a vendor.

profile "sip" {
  to_backup = "registration"
  to_main   = "registration"
  retry     = "60s"
}
