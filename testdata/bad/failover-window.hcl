node {
  role = "slave"
}

peer {
  address = "10.0.0.2"
}

failover {
  failback {
    window = "10pm-6am"
  }
}
