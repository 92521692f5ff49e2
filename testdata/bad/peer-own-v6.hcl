node {
  role = "master"
}

objective {
  max_outage = "10m"
}

peer {
  address = "2001:DB8:0::1"
}
