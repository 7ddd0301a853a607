class CartTest {
    @Test
    void nothingCostsNothing() {
        assertEquals(0, new Cart().total(List.of()));
    }
}
