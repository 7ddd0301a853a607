package fetch

func fetch() {
	grpc.Dial(host, grpc.WithInsecure())                                         // fires
	grpc.Dial(host, grpc.WithTransportCredentials(insecure.NewCredentials())) // fires
	http.Get("http://prices.example.org/today")                                 // fires
}
