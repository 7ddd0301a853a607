def fetch(url, checks, schema):
    requests.get(url, verify=True)
    requests.get(url, verify="/etc/ca.pem")
    checks.run(verify=False)
    schema.verify = False
    dict(validate_certs=False)
    context.verify_mode = ssl.CERT_REQUIRED
    context.check_hostname = True
    # requests.get(url, verify=False)


def dial(client):
    client.set_missing_host_key_policy(paramiko.RejectPolicy())
    asyncssh.connect("prices", known_hosts="known")
