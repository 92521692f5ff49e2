node {
  role = <<EOT
master
EOT
}

peer {
  address = "10.0.0.2"
}

