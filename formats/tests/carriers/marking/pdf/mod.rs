//! PDF: written behind the end, shown by other programs, cut off again byte for byte.

mod corpus;
mod furniture;
mod odd;
mod programs;
mod signed;
mod written;
