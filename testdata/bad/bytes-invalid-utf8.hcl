node {
  role = "maÿster"
}
