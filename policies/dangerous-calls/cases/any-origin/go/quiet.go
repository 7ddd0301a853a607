package serve

func serve(w http.ResponseWriter) {
	use(websocket.Upgrader{CheckOrigin: func(r *http.Request) bool { return same(r) }})
	w.Header().Set("Access-Control-Allow-Methods", "*")
}
