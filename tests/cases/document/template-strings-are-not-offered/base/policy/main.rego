package main

deny contains $"{input.a} is wrong" if input.a
