# A Wazo master whose standby lags by at most a quarter of an hour.
platform = "wazo"

node {
  role = "master"
}

peer {
  address = "10.0.0.2"
}

# The documented maximum of 5 minutes breaks the promise of 5 minutes: a phone
# that registered just before the crash notices after 5 minutes and 32 seconds.
sip_expiry {
  min     = "3m"
  max     = "4m"
  default = "4m"
}

# hotpair watch replicates: the database and the directories that the platform
# names, and these.
replication {
  schedule          = "*/15 * * * *"
  extra_directories = ["/etc/asterisk/custom.d"]

  extra_exclude {
    files  = ["/var/lib/asterisk/moh/*.tmp"]
    tables = ["my_reporting"]
  }
}

objective {
  max_outage = "5m"
}

# Who is told when the pair is not well; each node tells of itself.
alert "ops" {
  mail {
    to = ["ops@example.org"]
  }
}
