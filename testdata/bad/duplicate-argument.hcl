node {
  role = "master"
  role = "slave"
}
peer {
  address = "10.0.0.2"
}

