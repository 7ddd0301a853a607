class Quiet {
    int total(Cart cart) {
        try {
            cart.save();
        } catch (IOException e) {
            // Saved again at check-out.
        }
        try {
            cart.save();
        } catch (IOException ignored) {
        }
        try {
            cart.save();
        } catch (IOException e) {
            log.warn("not saved", e);
        }
        try {
            cart.close();
        } catch (IOException e) {
        }
        try {
            return cart.load();
        } catch (IOException e) {
        }
        return cart.sum;
    }
}
