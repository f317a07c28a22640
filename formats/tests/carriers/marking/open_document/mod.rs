//! OpenDocument: texts, sheets, slides, drawings.

mod corpus;
mod furniture;
mod made;
mod package;
mod suite;
