node {
  role = "master"
}

peer {
  address = "10.0.0.2"
}

database {
  uri = "postgres://u:s3cr3t@host/db"
}
