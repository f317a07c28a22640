//! Covers of office documents: made, read back, opened by another program, and taken apart by a strict reader.

mod corpus;
mod furniture;
mod hostile;
mod labels;
pub mod strict;
mod suite;
mod wrapping;
