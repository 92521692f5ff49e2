node {
  role = "master"
}

objective {
  max_outage = "10m"
}

peer {
  address = "10.0.0.2"
  ssh {
    host_key = "ssh-dss AAAAB3NzaC1kc3MAAACBAP"
  }
}
