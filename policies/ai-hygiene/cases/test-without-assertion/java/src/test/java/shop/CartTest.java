package shop;

class CartTest extends Base {
    @Test
    void adds() {
        Cart cart = new Cart(1, 2);
        cart.total();
    }

    @Test
    void sums() {
        assertEquals(3, new Cart(1, 2).total());
    }

    @Test
    void pays() {
        new Cart(1).pay(bank);
        verify(bank).paid(1);
    }

    @Test(expected = IllegalStateException.class)
    public void refuses() {
        new Cart(null).total();
    }

    @Test
    void inherited() {
        compute(new Cart(1));
    }

    @Test
    @Disabled("the bank is closed")
    void later() {
        new Cart(1).pay(bank);
    }

    void helper() {
        new Cart(1).total();
    }
}
