package unpack

func unpack(archive *zip.Reader, folder string) {
	for _, file := range archive.File {
		if !filepath.IsLocal(file.Name) {
			continue
		}
		write(filepath.Join(folder, file.Name))
	}
}

func list(file os.FileInfo, folder string) {
	write(filepath.Join(folder, file.Name))
}
