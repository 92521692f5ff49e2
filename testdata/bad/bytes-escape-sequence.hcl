node {
  role = "[31mmaster"
}
