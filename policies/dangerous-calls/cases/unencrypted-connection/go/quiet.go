package fetch

func fetch() {
	grpc.Dial(host, grpc.WithTransportCredentials(credentials.NewTLS(config)))
	http.Get("https://prices.example.org/today")
	http.Get("http://127.0.0.1:8080/today")
}

func within() {
	listener := bufconn.Listen(1024)
	server := grpc.NewServer()
	grpc.Dial(listener.Addr().String(), grpc.WithInsecure())
}
