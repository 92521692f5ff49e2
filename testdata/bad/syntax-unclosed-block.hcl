node {
  role = "master"
