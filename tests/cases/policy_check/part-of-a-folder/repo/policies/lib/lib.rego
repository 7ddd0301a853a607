package lib

name(file) := file.path
