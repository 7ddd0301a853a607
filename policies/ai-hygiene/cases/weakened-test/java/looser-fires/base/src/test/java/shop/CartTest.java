package shop;

class CartTest {
    @Test
    void adds() {
        assertEquals(3, new Cart(1, 2).total());
    }
}
