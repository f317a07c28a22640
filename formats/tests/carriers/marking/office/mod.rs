//! Markings in Word, Excel and PowerPoint documents: as LibreOffice prints them, and in the parts of the package.

mod corpus;
mod furniture;
mod made;
mod package;
mod shown;
