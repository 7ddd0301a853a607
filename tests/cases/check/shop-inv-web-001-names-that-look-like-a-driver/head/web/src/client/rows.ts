import { page } from "./pg";
import { width } from "pgwidth";

export const rows = [page, width];
