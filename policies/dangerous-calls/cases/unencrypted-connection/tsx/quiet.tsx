const socket = new WebSocket('wss://prices.example.org')
grpc.credentials.createSsl()
fetch('http://localhost:8080/today')
say('http://prices.example.org/today')
