//! Covers of office documents: made, read back, opened by another program, and taken apart by a strict reader.
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
mod strict;
mod suite;
mod wrapping;
