package cart

func TestTotal(t *testing.T) {
	if Total(nil) != 0 {
		t.Fail()
	}
}
