//! A deflated entry as a source: reading backwards inflates again from the start, a few times at most.

use std::io::{self, Read};
use std::sync::{Mutex, PoisonError};

use flate2::read::DeflateDecoder;

use crate::source::{Source, Window};

/// How often an entry may be inflated again from its start.
pub(crate) const RESTARTS: u32 = 8;

/// The inflated data of an entry.
pub(crate) struct Inflated<'a> {
    packed: Window<'a>,
    size: u64,
    state: Mutex<State<'a>>,
}

struct State<'a> {
    decoder: DeflateDecoder<Packed<'a>>,
    at: u64,
    restarts: u32,
}

/// The packed data, read through a buffer.
struct Packed<'a> {
    window: Window<'a>,
    at: u64,
}

impl Read for Packed<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.window.read_at(self.at, buf)?;
        self.at += n as u64;
        Ok(n)
    }
}

impl<'a> Inflated<'a> {
    /// Data that the directory says are `size` bytes; more than that is never delivered.
    pub fn new(packed: Window<'a>, size: u64) -> Self {
        let decoder = start(&packed);
        Self { packed, size, state: Mutex::new(State { decoder, at: 0, restarts: 0 }) }
    }
}

fn start<'a>(packed: &Window<'a>) -> DeflateDecoder<Packed<'a>> {
    DeflateDecoder::new(Packed { window: packed.clone(), at: 0 })
}

impl Source for Inflated<'_> {
    fn size(&self) -> io::Result<u64> {
        Ok(self.size)
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        if offset >= self.size {
            return Ok(0);
        }
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if offset < state.at {
            if state.restarts >= RESTARTS {
                return Err(io::Error::other("a compressed part would have to be read too often"));
            }
            *state = State { decoder: start(&self.packed), at: 0, restarts: state.restarts + 1 };
        }
        let skip = offset - state.at;
        let skipped = io::copy(&mut state.decoder.by_ref().take(skip), &mut io::sink())?;
        state.at += skipped;
        if skipped < skip {
            return Ok(0);
        }
        let room = usize::try_from(self.size - offset).unwrap_or(usize::MAX).min(buf.len());
        let n = state.decoder.read(buf.get_mut(..room).unwrap_or_default())?;
        state.at += n as u64;
        Ok(n)
    }
}
