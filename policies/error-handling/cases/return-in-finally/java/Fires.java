class Fires {
    int total(Cart cart) {
        try {
            cart.save();
        } finally {
            cart.close();
            return cart.sum;
        }
    }

    void all(List<Cart> carts) {
        for (Cart cart : carts) {
            try {
                cart.save();
            } finally {
                if (cart.done) continue;
                break;
            }
        }
    }
}
