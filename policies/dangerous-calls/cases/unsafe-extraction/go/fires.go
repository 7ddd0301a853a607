package unpack

func unpack(archive *zip.Reader, folder string) {
	for _, file := range archive.File {
		write(filepath.Join(folder, file.Name)) // fires
	}
}
