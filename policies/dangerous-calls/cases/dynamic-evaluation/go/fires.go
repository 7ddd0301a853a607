package main

func load(path string) {
	plugin.Open(path) // fires
	plugin.Open(filepath.Join(dir, path)) // fires
}
