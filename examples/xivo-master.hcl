# A classic XiVO master whose stock scripts go on to copy its database at night
# and its directories every hour.
platform = "xivo"

node {
  role = "master"
}

peer {
  address = "192.168.1.12"
}

sip_expiry {
  max = "4m"
}

replication {
  runner         = "stock"
  schedule       = "30 2 * * *"
  files_schedule = "@hourly"
}
