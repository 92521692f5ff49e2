# The standby of a pair that follows XiVO Resilience, in its own words.
platform = "xivo-resilience"

node {
  role = "standby"
}

peer {
  address = "192.168.1.11"
}

sip_expiry {
  max = "4m"
}

# PostgreSQL on this node may be restarted without asking.
actions {
  restart = "auto"
}
