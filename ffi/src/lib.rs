//! libkakuzuke: the C interface through which document tools open protected files.
//!
//! Thin: every function checks what came in from C, asks the sdk once, and gives back a status. Outputs are written
//! on success only; nothing unwinds across the boundary. What C holds are numbers of live objects, not addresses:
//! the one table of them (`handles.rs`) is all the state there is between calls.

mod boundary;
mod cancel;
mod document;
mod error;
mod facts;
mod handles;
mod label;
mod protect;

mod request;
mod rights;
mod save;
mod session;
mod source;
mod suggestion;
mod texts;
mod version;
