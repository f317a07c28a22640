//! PDF: covers made, read back and opened by other programs; labels written behind the end; hostile files.

mod corpus;
pub mod furniture;
mod hostile;
mod labels;
mod programs;
mod wrapping;
