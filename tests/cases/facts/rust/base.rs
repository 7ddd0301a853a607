//! A cart.

use std::{
    collections::HashMap,
    io::{self, Read as _},
};

use crate::money::Cents;

mod discount;

/// What a customer is about to buy.
#[derive(Debug)]
pub struct Cart {
    pub items: Vec<Item>,
    secret: u64,
}

pub(crate) struct Item(Cents);

/// How a cart is paid.
pub enum Payment {
    Card { number: String },
    Cash,
}

pub trait Priced {
    const CURRENCY: &'static str;
    fn price(&self) -> Cents;
}

impl Cart {
    /// Adds an item.
    pub fn add(&mut self, item: Item) {
        self.items.push(item);
        log::info!("added");
    }

    fn total(&self) -> Cents {
        self.items.iter().map(|item| item.0).sum()
    }
}

impl<'a> Priced for Cart {
    const CURRENCY: &'static str = "EUR";
    fn price(&self) -> Cents {
        self.total()
    }
}

pub fn obsolete() {}

pub const LIMIT: usize = 10;

#[macro_export]
macro_rules! cart {
    () => {};
}

fn first() -> u8 {
    1
}

fn second() -> u8 {
    2
}
