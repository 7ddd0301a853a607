package report

func report(text []byte) {
	os.CreateTemp("", "report")
	os.Create(filepath.Join(os.TempDir(), name))
	os.Open("/tmp/report.txt")
}
