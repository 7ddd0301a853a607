package shop;

public class Cart {
    // public int discount() {
    //     return prices.discount();
    // }

    public int total() {
        // int total = 0;
        // total += prices.sum();
        // return total;
        return price.of(this);
    }

    // Prices are in cents; taxes are included (see Taxes);
    // discounts are not (see Discounts);
    // nothing else counts.
    private Prices prices;
}
