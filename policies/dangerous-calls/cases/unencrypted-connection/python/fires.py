def fetch(host):
    telnetlib.Telnet(host)  # fires
    ftplib.FTP(host)  # fires
    requests.get("http://prices.example.org/today")  # fires
    grpc.insecure_channel("prices.example.org:80")  # fires
    CommunityData("public", mpModel=0)  # fires
