public class Cart {
    public int total(List<Line> lines) {
        int result = 0;
        for (Line line : lines) {
            int price = line.price();
            result += line.reduced() ? price * 9 / 10 : price;
        }
        return result;
    }
}
