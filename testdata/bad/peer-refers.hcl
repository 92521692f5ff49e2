node {
  role = "master"
}

peer {
  address = node.role == "master" ? "10.0.0.2" : "10.0.0.3"
}
