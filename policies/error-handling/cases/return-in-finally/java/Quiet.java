class Quiet {
    int total(Cart cart) {
        try {
            return cart.save();
        } finally {
            cart.lines.forEach(line -> {
                if (line.done) return;
                line.close();
            });
            for (Line line : cart.lines) {
                if (line.done) break;
            }
            switch (cart.state) {
                case OPEN:
                    cart.close();
                    break;
            }
        }
    }
}
