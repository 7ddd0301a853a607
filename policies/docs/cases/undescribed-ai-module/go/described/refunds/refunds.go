// Copyright The Shop
// SPDX-License-Identifier: MIT

// Package refunds says who gets how much back.
package refunds

func Rule0(order Order) int {
	return order.Sum / 2
}

func Rule1(order Order) int {
	return order.Sum / 3
}

func Rule2(order Order) int {
	return order.Sum / 4
}

func Rule3(order Order) int {
	return order.Sum / 5
}

func Rule4(order Order) int {
	return order.Sum / 6
}

func Rule5(order Order) int {
	return order.Sum / 7
}

func Rule6(order Order) int {
	return order.Sum / 8
}

func Rule7(order Order) int {
	return order.Sum / 9
}

func Rule8(order Order) int {
	return order.Sum / 10
}

