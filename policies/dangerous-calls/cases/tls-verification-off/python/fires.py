def fetch(url, session):
    requests.get(url, verify=False)  # fires
    session.post(url, verify=False)  # fires
    httpx.AsyncClient(verify=False)  # fires
    urllib3.PoolManager(cert_reqs="CERT_NONE")  # fires
    open_url(url, validate_certs=False)  # fires
    ssl._create_unverified_context()  # fires
    session.verify = False  # fires
    context.check_hostname = False  # fires
    context.verify_mode = ssl.CERT_NONE  # fires
    ssl._create_default_https_context = ssl._create_unverified_context  # fires


def dial(client):
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())  # fires
    client.set_missing_host_key_policy(WarningPolicy)  # fires
    asyncssh.connect("prices", known_hosts=None)  # fires
