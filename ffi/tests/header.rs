//! The committed header is what the code says. `KAKUZUKE_BLESS=1` writes it anew.

#![allow(clippy::expect_used, clippy::panic, missing_docs, reason = "a test")]

use std::path::Path;

#[test]
fn header_is_as_generated() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = cbindgen::Config::from_file(root.join("cbindgen.toml")).expect("cbindgen.toml reads");
    let sources = ["boundary", "error", "session", "document"];
    let mut builder = cbindgen::Builder::new().with_config(config);
    for source in sources {
        builder = builder.with_src(root.join("src").join(format!("{source}.rs")));
    }
    let mut generated = Vec::new();
    builder.generate().expect("the header is generated").write(&mut generated);
    let path = root.join("include/kakuzuke.h");
    if std::env::var_os("KAKUZUKE_BLESS").is_some() {
        std::fs::write(&path, &generated).expect("the header is written");
    }
    let committed = std::fs::read(&path).unwrap_or_default();
    assert!(committed == generated, "ffi/include/kakuzuke.h is not as generated: run with KAKUZUKE_BLESS=1");
}
