package serve

func serve() {
	net.Listen("tcp", "127.0.0.1:80")
	net.Dial("tcp", "0.0.0.0:80")
}
