node {
  role = "master"
}

peer {
  address = "10.0.0.2"
}

stock {
  master_file = "/etc/cron.d/mine"
}
