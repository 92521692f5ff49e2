node {
  role = true
}

peer {
  address = "10.0.0.2"
}

