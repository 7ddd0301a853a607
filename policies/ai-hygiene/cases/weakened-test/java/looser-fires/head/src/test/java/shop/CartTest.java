package shop;

class CartTest {
    @Test
    void adds() {
        assertNotNull(new Cart(1, 2).total());
    }
}
