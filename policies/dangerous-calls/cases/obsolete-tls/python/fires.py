def connect(context):
    first = ssl.SSLContext(ssl.PROTOCOL_TLSv1)  # fires
    second = ssl.wrap_socket(s, ssl_version=ssl.PROTOCOL_SSLv3)  # fires
    third = SSL.Context(SSL.TLSv1_METHOD)  # fires
    context.minimum_version = ssl.TLSVersion.TLSv1_1  # fires
