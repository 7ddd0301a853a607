package main

deny_tag[msg] {
  endswith(input.image, ":latest")
  msg = sprintf("%s is no version", [input.image])
}

warn[msg] {
  not input.owner
  msg = "nobody owns it"
}
