node {
  role = "mastr"
}
