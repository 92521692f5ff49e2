node {
  role: "master"
}
