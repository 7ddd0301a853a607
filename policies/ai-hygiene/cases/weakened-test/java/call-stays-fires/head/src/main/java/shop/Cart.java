package shop;

public class Cart {
    public void close() {
        timer.close();
        store.stop();
        timers.clear();
    }
}
