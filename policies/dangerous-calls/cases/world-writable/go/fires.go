package share

func share(path string, file *os.File) {
	os.Chmod(path, 0o777)       // fires
	file.Chmod(0666)            // fires
	os.Chmod(path, os.ModePerm) // fires
}
