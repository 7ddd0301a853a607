print(card)
x = 1
print(card)
