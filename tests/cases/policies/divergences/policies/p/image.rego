package image

name := "x"
