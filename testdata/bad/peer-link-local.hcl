node {
  role = "master"
}

objective {
  max_outage = "10m"
}

peer {
  address = "fe80::2"
}
