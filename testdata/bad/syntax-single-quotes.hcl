node {
  role = 'master'
}
