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
  mail {
    to   = ["ops@example.org"]
    from = "hotpair@example.org"

    smtp {
      server = "mail.example.org:25"
      tls    = "none"
    }
  }
}
