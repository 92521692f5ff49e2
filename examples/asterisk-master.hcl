# Plain Asterisk: no database, no phone provisioning.
platform = "asterisk"

node {
  role = "primary"
}

peer {
  address = "10.20.0.6"
}
