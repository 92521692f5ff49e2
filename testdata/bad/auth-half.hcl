platform = "/etc/hotpair/bare.hcl"

node {
  role = "master"
}

peer {
  address = "10.0.0.2"
}

objective {
  max_outage = "10m"
}

provisioning {
  url = "http://127.0.0.1:8666/0.2"
  auth {
    url = "http://127.0.0.1:9497/0.1"
  }
}
