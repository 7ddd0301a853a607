fn dial() {
    let first = Client::builder().danger_accept_invalid_certs(true).build(); // fires
    let second = builder.danger_accept_invalid_hostnames(true); // fires
    connector.set_verify(SslVerifyMode::NONE); // fires
}
impl ServerCertVerifier for Any {
    fn verify_server_cert(&self) -> Result<ServerCertVerified, Error> { // fires
        Ok(ServerCertVerified::assertion())
    }
}
