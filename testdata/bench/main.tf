# Fifteen resources that need neither a provider nor a network.
resource "terraform_data" "thing" {
  count = 15
  input = {
    path    = "/etc/thing-${count.index}"
    content = "slave 10.0.0.1"
  }
}
