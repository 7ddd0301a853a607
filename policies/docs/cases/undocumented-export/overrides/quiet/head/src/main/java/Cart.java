/** A cart. */
public class Cart {
    /** Returns a value of the cart. */
    public int alpha(int rate) {
        int value = this.alpha;
        value *= rate;
        value /= 100;
        return value;
    }

    /** Returns a value of the cart. */
    public int beta(int rate) {
        int value = this.beta;
        value *= rate;
        value /= 100;
        return value;
    }

    /** Returns a value of the cart. */
    public int gamma(int rate) {
        int value = this.gamma;
        value *= rate;
        value /= 100;
        return value;
    }

    /** Returns a value of the cart. */
    public int delta(int rate) {
        int value = this.delta;
        value *= rate;
        value /= 100;
        return value;
    }

    @Override
    public int total(int rate) {
        int value = this.total;
        value *= rate;
        value /= 100;
        return value;
    }

    public int getTotal() {
        return total;
    }

    public String toString() {
        String text = "cart ";
        text += total;
        text += currency;
        return text;
    }
}
