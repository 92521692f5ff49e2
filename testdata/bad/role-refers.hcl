node {
  role = peer.address == "10.0.0.2" ? "master" : "slave"
}

peer {
  address = "10.0.0.2"
}

