node {
  role = "disabled"
}

peer {
  address = "wazo2"
}
