# The standby of examples/wazo-master.hcl.
platform = "wazo"

node {
  role = "slave"
}

peer {
  address = "10.0.0.1"
}

sip_expiry {
  max = "4m"
}
