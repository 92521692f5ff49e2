platform = "/etc/hotpair/none.hcl"

node {
  role = "master"
}

peer {
  address = "10.0.0.2"
}

