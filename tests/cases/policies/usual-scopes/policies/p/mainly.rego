package mainly

deny contains "x" if count(input.files) > 1
