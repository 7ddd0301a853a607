import { Cents, Euro } from './money';
import type { Item } from "../item";
import * as fs from 'node:fs';
export { tax } from './tax';
export * from './types';
const lazy = require('./lazy');
const later = () => import('./later');

/** What a customer is about to buy. */
@Injectable({ once: true })
export class Cart extends Base {
  readonly items: Item[] = [];
  private secret = 1;
  #hidden = 2;

  constructor(private owner: string) { super(); }

  /** Adds an item. */
  add(item: Item, count = 1): void {
    this.items.push(item);
    console.log('added');
    new Function('return 1')();
    eval(item.code);
  }

  private total() { return 1; }
  handler = (e: Event) => { e.stop(); e.prevent(); };
}

export interface Priced {
  price(): Cents;
  currency: string;
}

export type Id = string;
export enum Payment { Card = 1, Cash = 3 }

function listed(a: string): string;
function listed(a: number): string;
function listed(a: boolean): string;
function listed(a: any) { return String(a); }
function unlisted() {}
export { listed };

export const pay = async (id: Id) => { await go(id); };
export default unlisted;
declare module 'shop' { export function x(): void; }
namespace Inner { export const y = 1; }
const { left, right: [first] } = pair;
describe('x', () => { const local = 2; });
