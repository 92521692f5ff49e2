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
  token = "s3cr3t"
  auth {
    url      = "http://127.0.0.1:9497/0.1"
    key_file = "/var/lib/wazo-auth-keys/hotpair-key.yml"
  }
}
