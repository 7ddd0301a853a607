import { Cents } from './money';
import type { Item } from "../item";
import * as fs from 'node:fs';
export { tax } from './tax';
export * from './types';
const lazy = require('./lazy');

/** What a customer is about to buy. */
@Injectable()
export class Cart extends Base {
  readonly items: Item[] = [];
  private secret = 1;
  #hidden = 2;

  constructor(private owner: string) { super(); }

  /** Adds an item. */
  add(item: Item): void {
    this.items.push(item);
    console.log('added');
  }

  private total() { return 1; }
  handler = (e: Event) => { e.stop(); };
}

export interface Priced {
  price(): Cents;
  currency?: string;
}

export type Id = string | number;
export enum Payment { Card = 1, Cash = 2 }

function listed(a: string): string;
function listed(a: number): string;
function listed(a: any) { return String(a); }
function unlisted() {}
export { listed };

export const pay = async (id: Id) => { await go(id); };
export default unlisted;
declare module 'shop' { export function x(): void; }
namespace Inner { export const y = 1; }
const { left, right: [first] } = pair;
describe('x', () => { const local = 1; });
