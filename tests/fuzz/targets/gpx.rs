//! GPX.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| redline_atlas_fuzz::file(bytes));
