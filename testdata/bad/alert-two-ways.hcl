node {
  role = "master"
}

peer {
  address = "10.0.0.2"
}

alert "ops" {
  command = ["/usr/local/sbin/tell"]

  mail {
    to = ["ops@example.org"]
  }
}
