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
  command = ["/usr/local/sbin/tell"]

  mail {
    to = ["ops@example.org"]
  }
}
