//! Key releases a second and how long one takes, the log durable: many officers' devices open documents at once.
//!
//! `releases FILE SECONDS THREADS [RATE]`: THREADS sessions of the usual profile open the protected FILE again and again
//! over connections that stay open. With RATE they begin RATE openings a second in all, evenly, and an opening's time
//! counts from when it should have begun. Run the server on one core (`taskset -c 0`), this on the others.
#![allow(clippy::print_stdout, reason = "a measuring program prints")]

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use kakuzuke::{Opening, Result, Session, default_folder};

fn main() -> Result<()> {
    let mut args = std::env::args_os().skip(1);
    let path = args.next().unwrap_or_default();
    let number = |text: Option<std::ffi::OsString>, default| {
        text.and_then(|t| t.to_str().and_then(|t| t.parse::<u64>().ok())).unwrap_or(default)
    };
    let (seconds, threads) = (number(args.next(), 10), number(args.next(), 8));
    let rate = number(args.next(), 0);
    let pace = (rate > 0).then(|| Duration::from_secs_f64(threads as f64 / rate as f64));
    let folder = default_folder()?;
    let over = AtomicBool::new(false);
    let began = Instant::now();
    let mut times: Vec<Duration> = std::thread::scope(|scope| {
        let (folder, over, path) = (&folder, &over, &path);
        let workers: Vec<_> = (0..threads)
            .map(|number| {
                scope.spawn(move || -> Result<Vec<Duration>> {
                    let session = Session::open(folder)?;
                    let mut times = Vec::new();
                    // Connections and the server's description are there before the first opening that is planned.
                    session.open_document(Path::new(path), &Opening::default())?;
                    let mut next = Instant::now() + pace.unwrap_or_default().mul_f64(number as f64 / threads as f64);
                    while !over.load(Ordering::Relaxed) {
                        let one = pace.map_or_else(Instant::now, |pace| {
                            let planned = next;
                            next += pace;
                            std::thread::sleep(planned.saturating_duration_since(Instant::now()));
                            planned
                        });
                        session.open_document(Path::new(path), &Opening::default())?;
                        times.push(one.elapsed());
                    }
                    Ok(times)
                })
            })
            .collect();
        std::thread::sleep(Duration::from_secs(seconds));
        over.store(true, Ordering::Relaxed);
        workers.into_iter().filter_map(|w| w.join().ok()).collect::<Result<Vec<_>>>()
    })?
    .concat();
    let rate = times.len() as f64 / began.elapsed().as_secs_f64();
    times.sort();
    let at = |q: f64| times.get((times.len() as f64 * q) as usize).map_or(0.0, |t| t.as_secs_f64() * 1e3);
    println!("| threads | releases /s | p50 ms | p90 ms | p99 ms | p99.9 ms |\n|---|---|---|---|---|---|");
    println!("| {threads} | {rate:.0} | {:.2} | {:.2} | {:.2} | {:.2} |", at(0.5), at(0.9), at(0.99), at(0.999));
    Ok(())
}
