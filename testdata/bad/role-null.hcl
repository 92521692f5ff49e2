node {
  role = null
}

peer {
  address = "10.0.0.2"
}

