node {
  role = "mastr" token = "s3cr3t"
}
peer {
  address = "10.0.0.2"
}

