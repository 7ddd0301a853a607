/* Copyright The Shop */
// Refunds: who gets how much back.
package shop;

public class Refunds {
    public int rule0(Order order) {
        return order.sum / 2;
    }

    public int rule1(Order order) {
        return order.sum / 3;
    }

    public int rule2(Order order) {
        return order.sum / 4;
    }

    public int rule3(Order order) {
        return order.sum / 5;
    }

    public int rule4(Order order) {
        return order.sum / 6;
    }

    public int rule5(Order order) {
        return order.sum / 7;
    }

    public int rule6(Order order) {
        return order.sum / 8;
    }

    public int rule7(Order order) {
        return order.sum / 9;
    }

    public int rule8(Order order) {
        return order.sum / 10;
    }

}
