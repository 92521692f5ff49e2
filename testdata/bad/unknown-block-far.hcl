node {
  role = "master"
}

peer {
  address = "10.0.0.2"
}

backend "s3" {
  key = "s3cr3t"
}
