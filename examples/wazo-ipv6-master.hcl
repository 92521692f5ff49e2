# A master whose peer is reached over IPv6.
platform = "wazo"

node {
  role = "master"
}

peer {
  address = "2001:db8:0:1::2"
}

sip_expiry {
  max = "4m"
}
