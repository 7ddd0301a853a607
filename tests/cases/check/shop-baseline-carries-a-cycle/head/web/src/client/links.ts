import { OrdersPage } from "../pages/orders";

export const first = OrdersPage;
