package dash

deny-foo contains "a" if input.change.draft
