//! Hidden data: every sort of it is found, goes, and nothing in sight goes with it.

mod beside;
mod corpus;
mod furniture;
mod nested;
mod office;
mod older;
mod open_document;
mod open_files;
mod open_looks;
mod open_sheets;
mod other_pictures;
mod painted;
mod pane;
mod pdf;
mod picture;
mod remains;
mod rendering;
mod repeats;
mod seen;
mod unseen;
mod words;
mod written;
