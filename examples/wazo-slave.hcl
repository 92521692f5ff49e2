# The standby of examples/wazo-master.hcl.
platform = "wazo"

node {
  role = "slave"
}

peer {
  address = "10.0.0.1"
}

sip_expiry {
  max = "4m"
}

# What the master may write here: the platform's directories and this one.
replication {
  extra_directories = ["/etc/asterisk/custom.d"]
}

# Who is told when the pair is not well; each node tells of itself.
alert "ops" {
  mail {
    to = ["ops@example.org"]
  }
}
