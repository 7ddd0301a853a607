//! A cart.

use std::{
    collections::{BTreeMap, HashMap},
    io::{self, Read as _},
};

use crate::money::*;

mod discount;
extern crate alloc;

/// What a customer is about to buy.
#[derive(Debug, Clone)]
pub struct Cart {
    pub items: Vec<Item>,
    secret: u128,
}

pub(crate) struct Item(Cents);

/// How a cart is paid.
pub enum Payment {
    Card { number: String },
    Cash,
    Voucher,
}

pub trait Priced {
    const CURRENCY: &'static str;
    fn price(&self) -> Cents;
}

impl Cart {
    /// Adds an item.
    pub fn add(
        &mut self,
        item: Item,
    ) {
        self.items.push(item);
        log::info!("added");
        std::process::Command::new("sh").arg("-c").spawn();
    }

    pub fn total(&self) -> Cents {
        self.items.iter().map(|item| item.0).sum()
    }
}

impl<'a> Priced for Cart {
    const CURRENCY: &'static str = "USD";
    fn price(&self) -> Cents {
        self.total()
    }
}

pub const LIMIT: usize = 20;

#[macro_export]
macro_rules! cart {
    () => {};
}

fn second() -> u8 {
    2
}

/// Said before.
#[inline]
pub mod inner {
    pub fn seen() {}
    fn unseen() {
        fn local() {}
    }
}

fn first() -> u8 {
    1
}
