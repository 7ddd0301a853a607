// Copyright The Shop
// SPDX-License-Identifier: MIT

use crate::order::Order;

pub fn rule_0(order: &Order) -> u64 {
    order.sum / 2
}

pub fn rule_1(order: &Order) -> u64 {
    order.sum / 3
}

pub fn rule_2(order: &Order) -> u64 {
    order.sum / 4
}

pub fn rule_3(order: &Order) -> u64 {
    order.sum / 5
}

pub fn rule_4(order: &Order) -> u64 {
    order.sum / 6
}

pub fn rule_5(order: &Order) -> u64 {
    order.sum / 7
}

pub fn rule_6(order: &Order) -> u64 {
    order.sum / 8
}

pub fn rule_7(order: &Order) -> u64 {
    order.sum / 9
}

pub fn rule_8(order: &Order) -> u64 {
    order.sum / 10
}

