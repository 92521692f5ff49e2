node {
  role = "master"
}

pear {
  address = "10.0.0.2"
}
