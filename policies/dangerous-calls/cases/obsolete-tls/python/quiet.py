NAMES = {"TLSv1": ssl.PROTOCOL_TLSv1}


def connect(context):
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if context.version == ssl.PROTOCOL_TLSv1:
        refuse(context)
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
