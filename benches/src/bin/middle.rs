//! How soon the first byte from the middle of a protected file is there, the licence at hand; and random reads.
//!
//! `middle FILE`: opens it with the usual profile and prints a table.
#![allow(clippy::print_stdout, reason = "a measuring program prints")]

use std::path::Path;
use std::time::Instant;

use kakuzuke::{Opening, Result, Session, default_folder};

fn main() -> Result<()> {
    let path = std::env::args_os().nth(1).unwrap_or_default();
    let session = Session::open(&default_folder()?)?;
    let mut first = Vec::new();
    let mut opened = Vec::new();
    let mut rate = 0.0;
    for _ in 0..7 {
        let began = Instant::now();
        let document = session.open_document(Path::new(&path), &Opening::default())?;
        opened.push(began.elapsed());
        let mut byte = [0; 1];
        let began = Instant::now();
        document.read_at(document.size() / 2, &mut byte)?;
        first.push(began.elapsed());
        let mut page = vec![0; 4096];
        let pages = document.size() / 4096;
        let (reads, mut place) = (100_000_u64, 1_u64);
        let began = Instant::now();
        for _ in 0..reads {
            // A fixed stride that visits pages all over a window of 64 MiB (warm after the first round).
            place = place.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            document.read_at((place >> 33) % pages.clamp(1, 16_384) * 4096, &mut page)?;
        }
        rate = reads as f64 / began.elapsed().as_secs_f64();
    }
    first.sort();
    opened.sort();
    println!("| what | median | best |\n|---|---|---|");
    for (name, times) in
        [("open: licence from the server, head, metadata", &opened), ("first byte from the middle", &first)]
    {
        if let (Some(median), Some(best)) = (times.get(times.len() / 2), times.first()) {
            println!("| {name} | {:.3} ms | {:.3} ms |", median.as_secs_f64() * 1e3, best.as_secs_f64() * 1e3);
        }
    }
    println!("| random reads of 4 KiB, one thread, warm | {rate:.0} /s | |");
    Ok(())
}
