//! 記憶. Content that must not touch a disk: written front to back, read at any offset, wiped when it is dropped. It grows block by
//! block, so that no copy of it is left behind where it was too small.

use std::io::{self, Write};

use kakuzuke_formats::Source;
use zeroize::Zeroizing;

/// Bytes of a block.
const BLOCK: usize = 1 << 20;

/// Bytes in memory.
pub(crate) struct Memory {
    blocks: Vec<Zeroizing<Vec<u8>>>,
}

impl Memory {
    pub(crate) const fn new() -> Self {
        Self { blocks: Vec::new() }
    }
}

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.blocks.last().is_none_or(|block| block.len() == BLOCK) {
            self.blocks.push(Zeroizing::new(Vec::with_capacity(BLOCK)));
        }
        let Some(block) = self.blocks.last_mut() else { return Ok(0) };
        let fits = bytes.get(..bytes.len().min(BLOCK - block.len())).unwrap_or_default();
        block.extend_from_slice(fits);
        Ok(fits.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Source for Memory {
    fn size(&self) -> io::Result<u64> {
        let last = self.blocks.last().map_or(0, |block| block.len());
        Ok((self.blocks.len().saturating_sub(1) * BLOCK + last) as u64)
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let Ok(offset) = usize::try_from(offset) else { return Ok(0) };
        let block = self.blocks.get(offset / BLOCK).and_then(|block| block.get(offset % BLOCK..)).unwrap_or_default();
        block.read_at(0, buf)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use super::*;

    #[test]
    fn what_was_written_is_read_at_any_offset() {
        let bytes: Vec<u8> = (0..BLOCK * 2 + 77).map(|i| u8::try_from(i % 251).unwrap()).collect();
        let mut memory = Memory::new();
        assert_eq!(memory.size().unwrap(), 0);
        for piece in bytes.chunks(70_001) {
            memory.write_all(piece).unwrap();
        }
        assert_eq!(memory.size().unwrap(), bytes.len() as u64);
        for (at, length) in [(0, 10), (BLOCK - 3, 9), (BLOCK * 2 + 70, 7), (5, BLOCK * 2)] {
            let mut read = vec![0; length];
            memory.read_exact_at(at as u64, &mut read).unwrap();
            assert!(read == bytes[at..at + length], "{length} bytes at {at}");
        }
        assert_eq!(memory.read_at(bytes.len() as u64, &mut [0]).unwrap(), 0);
        assert_eq!(memory.read_at(u64::MAX, &mut [0]).unwrap(), 0);
    }
}
