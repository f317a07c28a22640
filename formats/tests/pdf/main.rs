//! PDF: covers made, read back and opened by other programs; labels written behind the end; hostile files.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    missing_docs,
    reason = "tests"
)]

mod corpus;
mod furniture;
mod hostile;
mod labels;
mod programs;
mod wrapping;
