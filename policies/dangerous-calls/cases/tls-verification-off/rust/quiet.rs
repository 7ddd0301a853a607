fn dial(skip: bool) {
    let first = Client::builder().danger_accept_invalid_certs(false).build();
    connector.set_verify(SslVerifyMode::PEER);
}
impl ServerCertVerifier for Pinned {
    fn verify_server_cert(&self) -> Result<ServerCertVerified, Error> {
        self.compare()?;
        Ok(ServerCertVerified::assertion())
    }
}
