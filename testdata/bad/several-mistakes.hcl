node {
  rol = "master"
}

peer {
  addres = "10.0.0.2"
}

wach {
}
