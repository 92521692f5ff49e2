node {
  role = "slave"
}

peer {
  address = "10.0.0.2"
}

failover {
  sip {
    interval = "1s"
    timeout  = "1s"
  }
}
