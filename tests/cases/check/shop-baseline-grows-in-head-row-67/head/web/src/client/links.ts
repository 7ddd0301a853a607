import { OrdersPage } from "../pages/orders";

export const page = OrdersPage;
