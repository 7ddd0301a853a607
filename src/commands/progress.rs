//! A bar on the terminal when reading takes longer than a second.
//!
//! Owns its looks. Must not appear where nobody watches: in CI, in a pipe, or when it was switched off.

use std::cell::RefCell;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::clock::Stopwatch;
use crate::gate::progress::Progress;

/// How long people wait before they want to see something.
const PATIENCE: Duration = Duration::from_secs(1);

/// The bar on standard error.
pub(super) struct Bar {
    /// What is done, and to what, in the plural.
    words: (&'static str, &'static str),
    state: RefCell<Option<State>>,
}

impl Default for Bar {
    fn default() -> Self {
        Self::of("reading", "files")
    }
}

impl Bar {
    /// Returns one that says so: `reading`, `files`.
    pub(super) fn of(doing: &'static str, things: &'static str) -> Self {
        Self { words: (doing, things), state: RefCell::new(None) }
    }
}

struct State {
    bar: ProgressBar,
    watch: Stopwatch,
}

impl Progress for Bar {
    fn begin(&self, files: usize) {
        let bar = ProgressBar::with_draw_target(Some(files as u64), ProgressDrawTarget::hidden());
        if let Ok(style) =
            ProgressStyle::with_template(&format!("{} {{wide_bar}} {{pos}}/{{len}} {}", self.words.0, self.words.1))
        {
            bar.set_style(style);
        }
        *self.state.borrow_mut() = Some(State { bar, watch: Stopwatch::start() });
    }

    fn step(&self) {
        if let Some(State { bar, watch }) = &*self.state.borrow() {
            if bar.is_hidden() && watch.elapsed() > PATIENCE {
                bar.set_draw_target(ProgressDrawTarget::stderr());
            }
            bar.inc(1);
        }
    }

    fn end(&self) {
        if let Some(State { bar, .. }) = self.state.borrow_mut().take() {
            bar.finish_and_clear();
        }
    }
}
