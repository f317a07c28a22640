//! The stage on which the tests play: a real key server, officers with real profiles, and the programs they use.
//!
//! Everything runs as its own process, the way it does in an agency; nothing is replaced by a double.

pub mod agency;
pub mod client;
pub mod envelope;
pub mod fuzzing;
pub mod library;
pub mod programs;
pub mod screen;
pub mod secrets;
pub mod terminal;
pub mod wine;
