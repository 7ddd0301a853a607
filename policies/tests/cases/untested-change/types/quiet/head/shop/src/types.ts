export interface Line {
  price: number;
  name: string;
  size: number;
  reduced: boolean;
}
