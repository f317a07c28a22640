//! Marks one file, for measuring: `mark IN OUT LINE [WATERMARK]`.
#![allow(clippy::print_stdout, reason = "a program for people")]

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};

use kakuzuke_formats::{Marking, Signatures, mark};

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [from, to, line, rest @ ..] = words.as_slice() else { return Err("mark IN OUT LINE [WATERMARK]".into()) };
    let marking = Marking::new(line, rest.first().map(String::as_str))?;
    let source = File::open(from)?;
    let mut out = BufWriter::new(File::create(to)?);
    let marked = mark(&source, Some(from), &marking, Signatures::Keep, &mut out)?;
    out.flush()?;
    out.get_ref().sync_all()?;
    println!("{} places", marked.places);
    Ok(())
}
