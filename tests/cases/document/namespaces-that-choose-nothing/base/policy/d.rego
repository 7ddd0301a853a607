package other

deny contains "other"
