package cart

func TestTotal(t *testing.T) {
	t.Skip("later")
	assert.NotNil(t, Total(New(1, 2)))
}
