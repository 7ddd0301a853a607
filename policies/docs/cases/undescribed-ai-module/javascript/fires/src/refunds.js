// Copyright The Shop
// SPDX-License-Identifier: MIT

import { sum } from "./orders";

export function rule0(order) {
  return sum(order) / 2;
}

export function rule1(order) {
  return sum(order) / 3;
}

export function rule2(order) {
  return sum(order) / 4;
}

export function rule3(order) {
  return sum(order) / 5;
}

export function rule4(order) {
  return sum(order) / 6;
}

export function rule5(order) {
  return sum(order) / 7;
}

export function rule6(order) {
  return sum(order) / 8;
}

export function rule7(order) {
  return sum(order) / 9;
}

export function rule8(order) {
  return sum(order) / 10;
}

