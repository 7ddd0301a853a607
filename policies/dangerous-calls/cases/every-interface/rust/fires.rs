fn serve() {
    let first = TcpListener::bind("0.0.0.0:80"); // fires
    server.bind(("0.0.0.0", 80)); // fires
}
