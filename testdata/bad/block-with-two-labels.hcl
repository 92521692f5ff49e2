node {
  role = "master"
}

peer {
  address = "10.0.0.2"
}

provisioning "s3cr3t" "b" {
}
