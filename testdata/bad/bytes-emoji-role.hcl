node {
  role = "👑"
}
