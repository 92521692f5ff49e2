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
      server  = "127.0.0.1:25"
      tls     = "none"
      ca_file = "/etc/ssl/ca.pem"
    }
  }
}
