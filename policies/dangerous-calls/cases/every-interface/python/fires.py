def serve(app, socket):
    app.run(host="0.0.0.0", port=80)  # fires
    socket.bind(("", 80))  # fires
    socket.bind(("0.0.0.0", 80))  # fires
