print(card)
