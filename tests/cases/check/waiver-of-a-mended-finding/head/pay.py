log(card)
