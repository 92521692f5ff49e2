node {
  role = "master"
}
peer {
  address = "10.0.0.2"
}
profile "acme" {
  vendors = ["Acme"]
}
profile "acme" {
  retry = "30s"
}
