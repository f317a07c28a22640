//! The text of documents: all of it is delivered with its place, and what can't be read is said.

mod corpus;
mod files;
mod furniture;
mod office;
mod older;
mod pdf;
