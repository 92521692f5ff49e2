node {
  role = "master"
}

objective {
  max_outage = "10m"
}

peer {
  address = "255.255.255.255"
}
