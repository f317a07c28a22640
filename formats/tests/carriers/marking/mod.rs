//! Visible markings: on every page, replaced, taken off again; pages otherwise as they were.

mod burnt;
mod office;
mod open_document;
mod pdf;
