def fetch(host):
    ftplib.FTP_TLS(host)
    requests.get("https://prices.example.org/today")
    requests.get("http://localhost:8080/today")
    requests.get("http://prices:8080/today")
    grpc.insecure_channel("localhost:80")
    CommunityData("public", mpModel=3)
