//! licence.
