node {
  role = "master"
}
peer {
  address = "10.0.0.2"
}
provisioning {
  registrars   = ["default", "../site2"]
  resync_batch = 0
}
