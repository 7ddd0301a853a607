pub fn refund(order: Order) { // fires
    todo!()
}

pub fn credit(order: Order) -> Option<Order> { // fires
    unimplemented!("credit")
}

fn receipt(order: Order) -> Option<Order> { // fires
    // TODO: print it
    None
}

pub trait Ledger {
    fn close(&self) {
        unimplemented!()
    }

    fn balance(&self) -> u32;
}

pub fn total(cart: &Cart) -> u32 {
    if cart.is_foreign() {
        todo!("other currencies")
    }
    cart.sum()
}

#[cfg(test)]
mod tests {
    fn fake() {
        todo!()
    }
}
