pub fn total(cart: &mut Cart) -> u32 {
    match cart.save() {
        Ok(saved) => cart.saved = saved,
        // Saved again at check-out.
        Err(_) => {}
    }
    match cart.save() {
        Ok(saved) => cart.saved = saved,
        Err(_) => {
            // Saved again at check-out.
        }
    }
    match cart.queue.try_recv() {
        Ok(line) => cart.lines.push(line),
        Err(TryRecvError::Empty) => {}
        Err(TryRecvError::Disconnected) => cart.closed = true,
    }
    if let Err(error) = cart.save() {
        log(error);
    }
    cart.sum
}
