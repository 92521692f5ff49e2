node {
  role = "master"
}

objective {
  max_outage = "10m"
}

peer {
  address = "[2001:db8::2]"
}
