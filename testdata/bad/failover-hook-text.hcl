node {
  role = "slave"
}

peer {
  address = "10.0.0.2"
}

failover {
  hooks {
    after_takeover = "/usr/local/sbin/tell"
  }
}
