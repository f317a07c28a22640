//! Reading a file at any offset without holding it: every parser of this crate sees only [`Source`].

use std::io;
use std::ops::Range;

/// Something of known length that can be read at any offset, by several readers at once.
pub trait Source: Sync {
    /// Length in bytes.
    ///
    /// # Errors
    /// When the length cannot be found out.
    fn size(&self) -> io::Result<u64>;

    /// Reads up to `buf.len()` bytes at `offset`; 0 only at or after the end.
    ///
    /// # Errors
    /// When reading fails.
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize>;

    /// Fills `buf` from `offset`.
    ///
    /// # Errors
    /// When reading fails; [`io::ErrorKind::UnexpectedEof`] when the source ends before.
    fn read_exact_at(&self, mut offset: u64, mut buf: &mut [u8]) -> io::Result<()> {
        while !buf.is_empty() {
            match self.read_at(offset, buf) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(n) => {
                    buf = buf.get_mut(n..).unwrap_or_default();
                    offset += n as u64;
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok(())
    }
}

impl Source for [u8] {
    fn size(&self) -> io::Result<u64> {
        Ok(self.len() as u64)
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let rest = usize::try_from(offset).ok().and_then(|o| self.get(o..)).unwrap_or_default();
        let n = rest.len().min(buf.len());
        if let (Some(to), Some(from)) = (buf.get_mut(..n), rest.get(..n)) {
            to.copy_from_slice(from);
        }
        Ok(n)
    }
}

impl Source for Vec<u8> {
    fn size(&self) -> io::Result<u64> {
        self.as_slice().size()
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        self.as_slice().read_at(offset, buf)
    }
}

#[cfg(unix)]
impl Source for std::fs::File {
    fn size(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        std::os::unix::fs::FileExt::read_at(self, buf, offset)
    }
}

#[cfg(windows)]
impl Source for std::fs::File {
    fn size(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        std::os::windows::fs::FileExt::seek_read(self, buf, offset)
    }
}

/// A range of another source, with offsets counted from its start.
#[derive(Clone)]
pub struct Window<'a> {
    inner: &'a dyn Source,
    range: Range<u64>,
}

impl<'a> Window<'a> {
    /// The bytes `range` of `inner`. A range beyond the end of `inner` reads as a short source.
    #[must_use]
    pub fn new(inner: &'a dyn Source, range: Range<u64>) -> Self {
        Self { inner, range }
    }
}

impl Source for Window<'_> {
    fn size(&self) -> io::Result<u64> {
        Ok(self.range.end.saturating_sub(self.range.start))
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let Some(at) = self.range.start.checked_add(offset).filter(|at| *at < self.range.end) else { return Ok(0) };
        let room = usize::try_from(self.range.end - at).unwrap_or(usize::MAX).min(buf.len());
        self.inner.read_at(at, buf.get_mut(..room).unwrap_or_default())
    }
}

/// A source read from front to back.
pub struct Cursor<'a> {
    inner: &'a dyn Source,
    offset: u64,
}

impl<'a> Cursor<'a> {
    /// Starts reading `inner` at its first byte.
    #[must_use]
    pub fn new(inner: &'a dyn Source) -> Self {
        Self { inner, offset: 0 }
    }
}

impl io::Read for Cursor<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read_at(self.offset, buf)?;
        self.offset += n as u64;
        Ok(n)
    }
}

/// Copies the bytes `range` of `source` to `out` through one buffer of 128 KiB.
pub(crate) fn copy_range(source: &dyn Source, range: Range<u64>, out: &mut dyn io::Write) -> io::Result<u64> {
    let length = range.end.saturating_sub(range.start);
    let mut buffer = vec![0_u8; usize::try_from(length).unwrap_or(usize::MAX).clamp(1, 128 << 10)];
    let mut at = range.start;
    while at < range.end {
        let step = usize::try_from(range.end - at).unwrap_or(usize::MAX).min(buffer.len());
        let piece = buffer.get_mut(..step).unwrap_or_default();
        source.read_exact_at(at, piece)?;
        out.write_all(piece)?;
        at += step as u64;
    }
    Ok(length)
}

/// Reads the bytes `range` of `source`, which the caller has checked to be of acceptable length.
pub(crate) fn read_range(source: &dyn Source, range: Range<u64>) -> io::Result<Vec<u8>> {
    let size = source.size()?;
    if range.start > range.end || range.end > size {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let length = usize::try_from(range.end - range.start).map_err(|_| io::ErrorKind::OutOfMemory)?;
    let mut bytes = vec![0; length];
    source.read_exact_at(range.start, &mut bytes)?;
    Ok(bytes)
}
