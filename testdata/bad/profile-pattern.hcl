node {
  role = "master"
}
peer {
  address = "10.0.0.2"
}
profile "acme" {
  models = ["T4[6S"]
}
