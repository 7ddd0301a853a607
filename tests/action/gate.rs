//! Where the gate itself comes from.
