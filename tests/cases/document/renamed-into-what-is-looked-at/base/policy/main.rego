package main

deny contains "a privileged container" if input.privileged
