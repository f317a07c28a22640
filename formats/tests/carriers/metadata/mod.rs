//! Labels in the metadata of files that are neither office documents nor PDF.

mod furniture;
mod images;
