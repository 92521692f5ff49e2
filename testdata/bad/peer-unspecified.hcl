node {
  role = "master"
}

objective {
  max_outage = "10m"
}

peer {
  address = "0.0.0.0"
}
