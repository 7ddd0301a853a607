//! Arguments -> gate -> exit code; nothing else.
fn main() {}
