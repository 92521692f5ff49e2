node {
  role = "master";
}
