//! Measuring programs: `benches/parts.rs` measures the parts, `compare.py` whole files beside other programs.
