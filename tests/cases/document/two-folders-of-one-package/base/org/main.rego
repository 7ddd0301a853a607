package main

deny contains "org" if input.org
