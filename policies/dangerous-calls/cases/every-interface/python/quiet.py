def serve(app, socket):
    app.run(host="127.0.0.1", port=80)
    socket.bind((settings.host, 80))
    return address == "0.0.0.0"
