# Phones that Wazo's documentation ("Supported Devices", rows "H-A" and columns
# "Wazo HA") does not say to work with high availability: they wait for the
# master. Where you know better, say so in ha.hcl: profile "cisco-spa" { backup =
# true }.

profile "aastra-dect" {
  vendors = ["Aastra", "Mitel"]
  models  = ["RFP35*", "RFP36*"]
  backup  = false
}

profile "alcatel" {
  vendors = ["Alcatel*"]
  models  = ["4008*", "4018*"]
  backup  = false
}

profile "avaya" {
  vendors = ["Avaya", "Nortel"]
  models  = ["1220*", "1230*"]
  backup  = false
}

profile "cisco-spa" {
  vendors = ["Cisco", "Linksys"]
  models  = ["SPA*", "PAP2*"]
  backup  = false
}

profile "gigaset" {
  vendors = ["Gigaset", "Siemens"]
  models  = ["C470*", "C475*", "C590*", "C595*", "C610*", "S675*", "S685*", "N300*", "N510*"]
  backup  = false
}

profile "jitsi" {
  vendors = ["Jitsi"]
  backup  = false
}

profile "panasonic" {
  vendors = ["Panasonic"]
  models  = ["KX-HT1*"]
  backup  = false
}

# Others of Polycom, such as the SPIP335, the SPIP550 and the VVX from 101 to 500,
# do work.
profile "polycom-without" {
  vendors = ["Polycom"]
  models = [
    "SPIP320", "SPIP321", "SPIP330", "SPIP331", "SPIP430", "SPIP450", "SPIP501", "SPIP560",
    "SPIP600", "SPIP601", "SPIP650", "SPIP670", "SPIP4000", "SPIP5000", "SPIP6000", "SPIP7000",
    "VVX600", "VVX1500",
  ]
  backup = false
}

profile "yealink-without" {
  vendors = ["Yealink"]
  models  = ["T32G", "T38G"]
  backup  = false
}

profile "zenitel" {
  vendors = ["Zenitel"]
  backup  = false
}
