//! Arguments -> gate -> exit code; nothing else.

use std::process::ExitCode;

/// Two parsing threads share one heap; this allocator keeps them apart.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    ExitCode::from(portcullis::commands::run(std::env::args_os(), std::env::vars_os()))
}
