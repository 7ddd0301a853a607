import { badge } from "./badge";

export const link = () => badge;
