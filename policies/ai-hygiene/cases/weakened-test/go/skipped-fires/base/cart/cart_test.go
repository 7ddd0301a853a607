package cart

func TestTotal(t *testing.T) {
	assert.NotNil(t, Total(New(1, 2)))
}
