package shop;

class CartTest {
    @Test
    void closes() {
        new Cart(timer, store).close();
        verify(timer, times(1)).close();
    }
}
