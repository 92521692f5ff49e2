node {
  role = "slave"
}

peer {
  address = "10.0.0.2"
}

failover {
  degraded = "5s"
}
