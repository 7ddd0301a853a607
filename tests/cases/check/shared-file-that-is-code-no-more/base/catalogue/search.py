from payments.refund import refund


def search(words):
    return refund(words)
