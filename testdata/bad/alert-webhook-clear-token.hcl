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
    url   = "http://hooks.example.org/s3cr3t"
    token = "s3cr3t"
  }
}
