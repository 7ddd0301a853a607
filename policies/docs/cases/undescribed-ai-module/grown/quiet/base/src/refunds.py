import orders


