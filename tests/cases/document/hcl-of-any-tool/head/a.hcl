listener {
  tcp {
    tls_disable = true
  }
}
