listener {
  tcp {
    tls_disable = false
  }
}
