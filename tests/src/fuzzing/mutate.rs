//! Changes to good bytes: the same every time for the same seed.

use crate::envelope::seeded::Seeded;

/// Numbers at which lengths go wrong.
const EDGES: [u64; 12] =
    [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0xffff_ffff, 0x7fff_ffff_ffff_ffff, u64::MAX - 1, u64::MAX];

/// Changes `bytes` in one to four ways; `other` lends pieces.
pub fn mutate(bytes: &[u8], other: &[u8], rng: &mut Seeded) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for _ in 0..=below(rng, 4) {
        change(&mut out, other, rng);
    }
    out
}

fn change(out: &mut Vec<u8>, other: &[u8], rng: &mut Seeded) {
    let at = below(rng, out.len());
    let longest = [2, 16, 256, 20_000][below(rng, 4)];
    let length = below(rng, longest).min(out.len() - at);
    match below(rng, 10) {
        0 | 1 if at < out.len() => out[at] ^= 1 << below(rng, 8),
        2 if at < out.len() => out[at] = rng.array::<1>()[0],
        3 | 4 => {
            let number = EDGES[below(rng, EDGES.len())].to_be_bytes();
            let width = [1, 2, 4, 8][below(rng, 4)].min(out.len() - at);
            let mut number = number[8 - width..].to_vec();
            if below(rng, 2) == 0 {
                number.reverse();
            }
            out[at..at + width].copy_from_slice(&number);
        }
        5 => drop(out.drain(at..at + length)),
        6 => {
            let piece = out[at..at + length].to_vec();
            let to = below(rng, out.len() + 1);
            out.splice(to..to, piece);
        }
        7 => {
            let from = below(rng, other.len());
            let piece = other[from..(from + length).min(other.len())].to_vec();
            out.splice(at..at, piece);
        }
        8 => out.truncate(at),
        _ => {
            let filled = rng.array::<1>()[0];
            out[at..at + length].fill(filled);
        }
    }
}

/// A number below `limit`; 0 below 0.
fn below(rng: &mut Seeded, limit: usize) -> usize {
    let number = u32::from_be_bytes(rng.array::<4>()) as usize;
    if limit == 0 { 0 } else { number % limit }
}
