//! Carriers and labels of every kind, on real documents, under real programs, against hostile files.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    missing_docs,
    reason = "tests"
)]

mod furniture;
mod hidden;
mod mail;
mod marking;
mod metadata;
mod office;
mod pdf;
mod text;
