node {
  role = "master"
}

peer {
  address = "10.0.0.2"
}

alert "ops" {
  mail {
    to = ["-oQ/tmp"]
  }
}
