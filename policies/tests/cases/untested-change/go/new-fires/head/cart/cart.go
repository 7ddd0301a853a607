package cart

func Total(lines []Line) int {
	result := 0
	for _, line := range lines {
		price := line.Price()
		if line.Reduced() {
			price = price * 9 / 10
		}
		result += price
	}
	return result
}
