node {
  role = "master"
}

objective {
  max_outage = "10m"
}

peer {
}
