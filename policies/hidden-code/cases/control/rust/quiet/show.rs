fn show() {
	print("\x1B[8m");
}
