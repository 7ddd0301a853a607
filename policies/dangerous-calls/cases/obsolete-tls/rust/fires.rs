fn connect() {
    let first = ClientBuilder::new().min_tls_version(tls::Version::TLS_1_0); // fires
    let second = TlsConnector::builder().min_protocol_version(Some(Protocol::Tlsv11)); // fires
    builder.set_min_proto_version(Some(SslVersion::TLS1)); // fires
}
