# A node without high availability: what exists for the pair alone is taken
# away, and what exists without it is as it was before.
platform = "wazo"

node {
  role = "disabled"
}
