//! All fuzz targets in one binary, which `fuzz/run` builds: `PORTCULLIS_FUZZ_TARGET` says which of them runs.
#![no_main]
#![allow(missing_docs, clippy::panic, reason = "a driver; it stops where nothing is to be run")]

use std::sync::OnceLock;

use portcullis_fuzz::bodies::BODIES;

static BODY: OnceLock<fn(&[u8])> = OnceLock::new();

fn body() -> fn(&[u8]) {
    *BODY.get_or_init(|| {
        let name = std::env::var("PORTCULLIS_FUZZ_TARGET").unwrap_or_default();
        let found = BODIES.iter().find(|(known, _)| *known == name);
        found.unwrap_or_else(|| panic!("PORTCULLIS_FUZZ_TARGET is `{name}`, which is no target")).1
    })
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| body()(data));
