node {
  role = "master"
}

peer {
  address = "10.0.0.2"
}

provisioning {
  token "s3cr3t"
}
