node {
  role = "slave"
}

peer {
  address = "10.0.0.2"
}

failover {
  witnesses = ["10.0.0.254", "127.0.0.1"]
}
