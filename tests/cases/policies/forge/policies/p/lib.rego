package lib

from_bot if input.change.author.kind == "bot"
