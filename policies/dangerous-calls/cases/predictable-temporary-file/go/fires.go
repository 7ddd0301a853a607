package report

func report(text []byte) {
	os.WriteFile("/tmp/report.txt", text, 0o600)                    // fires
	os.Create(filepath.Join(os.TempDir(), "report.txt"))           // fires
}
