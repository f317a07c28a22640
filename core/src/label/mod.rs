//! label.
