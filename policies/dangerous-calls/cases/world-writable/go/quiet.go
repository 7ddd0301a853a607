package share

func share(path string, file *os.File) {
	os.Chmod(path, 0o755)
	file.Chmod(0644)
	os.MkdirAll(path, 0o777)
}
