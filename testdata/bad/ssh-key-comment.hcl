node {
  role = "master"
}

objective {
  max_outage = "10m"
}

peer {
  address = "10.0.0.2"
  ssh {
    host_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHf9uKbdZ1vDTZ8j0bm1yKcJf1Y5rLv4q8oN2YzW1xYk root@wazo2"
  }
}
