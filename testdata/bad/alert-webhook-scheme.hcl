node {
  role = "master"
}

peer {
  address = "10.0.0.2"
}

alert "ops" {
  webhook {
    url = "ftp://hooks.example.org/s3cr3t"
  }
}
