fn connect() {
    let first = ClientBuilder::new().min_tls_version(tls::Version::TLS_1_2);
    builder.set_min_proto_version(Some(SslVersion::TLS1_2));
    names.push(SslVersion::TLS1);
}
