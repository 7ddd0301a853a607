package cart

func Save(cart *Cart, path, count string) {
	text, _ := os.ReadFile(path)
	_ = os.WriteFile(path, text, 0o600)
	os.Rename(path, path+".old")
	cart.Count, _ = strconv.Atoi(count)
	json.Unmarshal(text, cart)
	_ = exec.Command("sync", path).Run()
}
