package shop;

public class Cart {
    public void refund(Order order) { // fires
        throw new UnsupportedOperationException("Not implemented yet");
    }

    public Order credit(Order order) { // fires
        // TODO: implement
        return null;
    }

    @Override
    public void remove() {
        throw new UnsupportedOperationException();
    }

    public void opened() {
    }

    public int total() {
        // TODO: taxes
        return sum();
    }
}
