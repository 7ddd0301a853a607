package main

deny contains "team" if input.team
