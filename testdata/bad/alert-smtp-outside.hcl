node {
  role = "master"
}

peer {
  address = "10.0.0.2"
}

alert "ops" {
  smtp {
    server = "mail.example.org:587"
  }
}
