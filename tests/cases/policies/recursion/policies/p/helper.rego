package helper

back(n) if data.mutual.even(n)
