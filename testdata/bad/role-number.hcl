node {
  role = 1
}

peer {
  address = "10.0.0.2"
}

