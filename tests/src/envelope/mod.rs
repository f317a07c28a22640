//! A small world to seal and open in: seeded randomness, authorities, people; and the vectors made in it.

pub mod attempt;
pub mod catalogue;
pub mod parts;
pub mod pki;
pub mod reading;
pub mod seeded;
pub mod value;
pub mod vector;
pub mod world;
