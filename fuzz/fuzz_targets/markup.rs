#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| kakuzuke_tests::fuzzing::run("markup", bytes));
