node {
  role = "master"
}

objective {
  max_outage = "10m"
}

peer {
  address = "::ffff:10.0.0.2"
}
