package serve

func serve() {
	net.Listen("tcp", "0.0.0.0:80")       // fires
	http.ListenAndServe("[::]:80", nil) // fires
}
