package serve

func serve(w http.ResponseWriter) {
	use(websocket.Upgrader{CheckOrigin: func(r *http.Request) bool { return true }}) // fires
	w.Header().Set("Access-Control-Allow-Origin", "*")                                // fires
}
