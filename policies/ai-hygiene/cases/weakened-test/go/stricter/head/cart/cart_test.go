package cart

func TestTotal(t *testing.T) {
	if testing.Short() {
		t.Skip("slow")
	}
	assert.Equal(t, 3, Total(New(1, 2)))
}
