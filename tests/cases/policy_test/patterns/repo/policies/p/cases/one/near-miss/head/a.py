x = literal_eval(text)
