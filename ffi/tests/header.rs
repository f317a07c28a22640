//! The committed header is what the code says. `KAKUZUKE_BLESS=1` writes it anew.

#![allow(clippy::expect_used, clippy::panic, missing_docs, reason = "a test")]

use std::path::Path;

/// The files of the interface, in the order a reader wants them.
const SOURCES: [&str; 13] = [
    "version",
    "error",
    "cancel",
    "session",
    "rights",
    "source",
    "document",
    "facts",
    "save",
    "label",
    "protect",
    "suggestion",
    "request",
];

/// What stands before the first function of each.
const HEADINGS: [(&str, &str); 12] = [
    ("kkz_version", "About the library"),
    ("kkz_error_code", "Errors"),
    ("kkz_cancel_new", "Giving up a call from another thread"),
    ("kkz_session_open", "Session"),
    ("kkz_document_open", "Opening and reading a document"),
    ("kkz_document_can", "What is known of an open document"),
    ("kkz_document_save", "Saving an open document"),
    ("kkz_label_read", "Labels: reading and verifying, without a key"),
    ("kkz_label_header", "What a label says"),
    ("kkz_protect", "Protecting and labelling"),
    ("kkz_suggest", "Suggestion"),
    ("kkz_request", "Asking for a right"),
];

#[test]
fn header_is_as_generated() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = cbindgen::Config::from_file(root.join("cbindgen.toml")).expect("cbindgen.toml reads");
    let mut builder = cbindgen::Builder::new().with_config(config);
    for source in SOURCES {
        builder = builder.with_src(root.join("src").join(format!("{source}.rs")));
    }
    let mut generated = Vec::new();
    builder.generate().expect("the header is generated").write(&mut generated);
    let generated = readable(&String::from_utf8(generated).expect("UTF-8"));
    let path = root.join("include/kakuzuke.h");
    if std::env::var_os("KAKUZUKE_BLESS").is_some() {
        std::fs::write(&path, &generated).expect("the header is written");
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == generated, "ffi/include/kakuzuke.h is not as generated: run with KAKUZUKE_BLESS=1");
}

/// What is said to Rust in its own way, said to C; and a heading before each part.
fn readable(header: &str) -> String {
    let header = header.replace("// # Safety\n", "// Promised:\n");
    let mut out = String::new();
    for block in header.split("\n\n") {
        let named = |name: &str| block.contains(&format!("{name}(")) && block.ends_with(");");
        if let Some((_, heading)) = HEADINGS.iter().find(|(name, _)| named(name)) {
            out.push_str(&format!("/* ---- {heading} ---- */\n\n"));
        }
        out.push_str(block);
        out.push_str("\n\n");
    }
    format!("{}\n", out.trim_end())
}
