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
  url = "host=127.0.0.1 user=u password=s3cr3t"
}
