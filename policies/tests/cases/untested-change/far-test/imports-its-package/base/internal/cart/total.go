package cart

func Total(lines []Line) int {
	return sum(lines)
}
