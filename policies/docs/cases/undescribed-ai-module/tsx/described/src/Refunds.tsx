/* Copyright The Shop */
// Refunds: who gets how much back.
import { sum } from "./orders";

export function Rule0(order: Order) {
  return <b>{sum(order) / 2}</b>;
}

export function Rule1(order: Order) {
  return <b>{sum(order) / 3}</b>;
}

export function Rule2(order: Order) {
  return <b>{sum(order) / 4}</b>;
}

export function Rule3(order: Order) {
  return <b>{sum(order) / 5}</b>;
}

export function Rule4(order: Order) {
  return <b>{sum(order) / 6}</b>;
}

export function Rule5(order: Order) {
  return <b>{sum(order) / 7}</b>;
}

export function Rule6(order: Order) {
  return <b>{sum(order) / 8}</b>;
}

export function Rule7(order: Order) {
  return <b>{sum(order) / 9}</b>;
}

export function Rule8(order: Order) {
  return <b>{sum(order) / 10}</b>;
}

