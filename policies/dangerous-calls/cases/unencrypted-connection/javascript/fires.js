const socket = new WebSocket('ws://prices.example.org') // fires
grpc.credentials.createInsecure() // fires
fetch('http://prices.example.org/today') // fires
