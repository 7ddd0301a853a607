//! How far reading has come, for people who wait.
//!
//! Owns the seam between the pipeline and whatever shows it. Must not influence anything.

/// Hears how far the reading has come.
pub trait Progress {
    /// So many files will be read.
    fn begin(&self, files: usize);
    /// One of them is done.
    fn step(&self);
    /// All are done.
    fn end(&self);
}

/// Shows nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _: usize) {}
    fn step(&self) {}
    fn end(&self) {}
}
