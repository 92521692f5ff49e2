node {
  role = "master"
}

peer {
  address = "10.0.0.2"
}

objective {
  max_outage = "10m"
}

database {
  url = "postgres:///db?password=s3cr3t;x"
}
