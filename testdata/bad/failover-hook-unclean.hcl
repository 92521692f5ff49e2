node {
  role = "slave"
}

peer {
  address = "10.0.0.2"
}

failover {
  hooks {
    after_failback = ["/usr/local/../bin/tell"]
  }
}
