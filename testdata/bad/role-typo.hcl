node {
  role = "mster"
}

peer {
  address = "10.0.0.2"
}

