//! Commits that a clone lacks.
