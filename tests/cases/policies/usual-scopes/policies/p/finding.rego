package finding

# METADATA
# custom: {scope: review}
deny contains "nothing is found at this scope" if input.review.layer == 3

# METADATA
# custom: {scope: review}
review contains "people are asked for" if input.review.layer == 3
