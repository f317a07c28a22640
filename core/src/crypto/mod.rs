//! 暗号. The only room that names an algorithm.

mod suite;

pub use suite::KeySuite;
