node {
  role = "master"
}

peer {
  address = "10.0.0.2"
}

alert "ops" {
  webhook {
    url = "https://hooks.example.org:99999/s3cr3t"
  }
}
