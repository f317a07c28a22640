//! libkakuzuke: the C interface through which document tools open protected files.
//!
//! Thin: every function checks what came in from C, asks the sdk once, and gives back a status. Outputs are written
//! on success only; nothing unwinds across the boundary; there is no global state.

mod boundary;
mod document;
mod error;
mod session;
