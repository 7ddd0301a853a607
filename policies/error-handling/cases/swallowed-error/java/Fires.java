class Fires {
    int total(Cart cart) {
        try {
            cart.save();
        } catch (IOException e) {}
        try {
            cart.save();
        } catch (Throwable t) { }
        try {
            cart.save();
        } catch (Exception e) { ; }
        return cart.sum;
    }
}
