WTF_CSRF_ENABLED = False  # fires


@csrf_exempt  # fires
def pay(request):
    return paid(request)


urls = [path("pay", csrf_exempt(pay))]  # fires
