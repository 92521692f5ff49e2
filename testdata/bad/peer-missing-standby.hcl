node {
  role = "standby"
}

objective {
  max_outage = "10m"
}

