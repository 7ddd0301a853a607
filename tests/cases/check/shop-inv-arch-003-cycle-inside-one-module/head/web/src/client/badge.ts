import { link } from "./links";

export const badge = () => link;
