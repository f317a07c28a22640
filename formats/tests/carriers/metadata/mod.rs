//! Labels in the metadata of files that are neither office documents nor PDF.

mod corpus;
mod foreign;
mod furniture;
mod images;
mod older;
mod suite;
mod written;
