node {
  role = "master"
}

peer {
  address = "10.0.0.2"
}

provisioning {
  url = "http://127.0.0.1:8666/0.2" token = "s3cr3t"
}
