//! Sequences of calls of libkakuzuke, chosen by the bytes, against a real key server: KAKUZUKE_BIN_DIR names the folder of the
//! programs.
#![no_main]

use std::cell::OnceCell;
use std::ffi::{CString, c_char, c_int};
use std::path::Path;

use kakuzuke_tests::agency::Agency;

// What calls.c calls.
extern crate kakuzuke_calls as _;

unsafe extern "C" {
    fn calls_arrange(profile: *const c_char, sealed: *const c_char, original: *const c_char) -> c_int;
    fn calls_run(bytes: *const u8, length: usize) -> c_int;
}

thread_local! {
    /// The key server runs as long as the fuzzer does; the paths stay where they are.
    static AGENCY: OnceCell<(Agency, [CString; 3])> = const { OnceCell::new() };
}

fn arranged() -> (Agency, [CString; 3]) {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let folder = agency.place("calls");
    let (original, sealed) = (folder.join("original.txt"), folder.join("sealed.txt"));
    let content = "会議の記録。".repeat(20_000);
    std::fs::write(&original, &content).expect("a file");
    std::fs::write(&sealed, &content).expect("a file");
    sato.protect(&sealed, "C2I2A1", &["印刷禁止"]).good();
    let text = |path: &Path| CString::new(path.to_str().expect("UTF-8")).expect("no NUL");
    let paths = [text(&sato.profile), text(&folder.join("sealed.txt.kkz")), text(&original)];
    // SAFETY: three strings that end with NUL and live as long as the program.
    assert_eq!(unsafe { calls_arrange(paths[0].as_ptr(), paths[1].as_ptr(), paths[2].as_ptr()) }, 0, "arranged");
    (agency, paths)
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    AGENCY.with(|agency| {
        agency.get_or_init(arranged);
    });
    // SAFETY: the bytes are there for the call.
    assert_eq!(unsafe { calls_run(bytes.as_ptr(), bytes.len()) }, 0, "what was read is what is in the document");
});
