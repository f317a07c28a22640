//! Hidden data: every sort of it is found, goes, and nothing in sight goes with it.

mod corpus;
mod furniture;
mod office;
mod open_document;
mod pdf;
mod picture;
