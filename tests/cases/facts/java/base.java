package shop.cart;

import java.util.List;
import java.util.*;
import static java.util.Collections.emptyList;
import org.acme.Money;

/** What a customer is about to buy. */
@Entity
public class Cart implements Priced {
    private static final int LIMIT = 10;
    protected List<Item> items = emptyList();
    int a, b;

    public Cart() {
        super();
    }

    /** Adds an item. */
    public void add(Item item) {
        items.add(item);
        log.info("added");
    }

    public void add(Item item, int count) {
        for (int i = 0; i < count; i++) add(item);
    }

    private Money total() { return new Money(1); }

    interface Priced {
        Money price();
        private void hidden() {}
    }

    public enum Payment { CARD, CASH; void pay() {} }
}

record Point(int x, int y) {}
