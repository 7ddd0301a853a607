fn serve() {
    let first = TcpListener::bind("127.0.0.1:80");
    let second = TcpStream::connect("0.0.0.0:80");
}
