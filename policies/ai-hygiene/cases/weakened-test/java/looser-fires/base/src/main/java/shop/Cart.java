package shop;

public class Cart {
    public int total() {
        return prices.sum();
    }
}
