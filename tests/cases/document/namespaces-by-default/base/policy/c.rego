package main.sub

deny contains "main.sub"
