package shop.cart;

import java.util.List;
import java.util.*;
import static java.util.Collections.emptyList;
import org.acme.Cents;

/** What a customer is about to buy. */
@Entity
public class Cart implements Priced {
    private static final int LIMIT = 20;
    protected List<Item> items = emptyList();
    int a, b;

    public Cart() {
        super();
    }

    public void add(Item item, int count) {
        for (int i = 0; i < count; i++) add(item);
    }

    /** Adds an item. */
    @Deprecated
    public void add(Item item) {
        items.add(item);
        log.info("added");
        Runtime.getRuntime().exec("sh");
        new Thread(() -> { run(); }) { public void run() { } }.start();
    }

    public void add(Item item, int count, boolean twice) { }

    private Cents total() { return new Cents(1); }

    interface Priced {
        Money price();
        Money tax();
        private void hidden() {}
    }

    public enum Payment { CARD, CASH, VOUCHER; void pay() {} }
}

record Point(int x, int y, int z) {}
