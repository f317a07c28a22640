//! The envelope from outside: what is sealed opens, and nothing else does.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod access;
mod changing;
mod refusing;
mod sealing;
mod trusting;
