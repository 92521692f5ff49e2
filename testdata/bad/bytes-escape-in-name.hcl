node {
  ro[2Jle = "master"
}
