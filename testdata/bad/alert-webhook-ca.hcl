node {
  role = "master"
}

peer {
  address = "10.0.0.2"
}

objective {
  max_outage = "10m"
}

alert "ops" {
  webhook {
    url     = "http://127.0.0.1/s3cr3t"
    ca_file = "/etc/ssl/ca.pem"
  }
}
