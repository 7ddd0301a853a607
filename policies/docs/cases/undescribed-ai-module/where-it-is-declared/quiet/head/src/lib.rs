/// Refunds: who gets how much back.
pub mod refunds;
