//! Files that lie in files: attachments of mails, entries of archives. Each is cleaned as a file of its own, and stays as
//! it is where that can't be done; then that is a finding.

use std::io;

use kakuzuke_core::code::Text;

use super::{Category, Ledger, SanitiseError, clean};
use crate::error::ReadError;
use crate::source::Source;

/// Bytes that are held.
struct Held<'b>(&'b [u8]);

impl Source for Held<'_> {
    fn size(&self) -> io::Result<u64> {
        self.0.size()
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        self.0.read_at(offset, buf)
    }
}

/// The file `bytes`, called `name`, without what is to go; `None` when it stays as it is.
pub(crate) fn nested(bytes: &[u8], name: &str, ledger: &mut Ledger) -> Option<Vec<u8>> {
    ledger.enter(name);
    let cleaned = unnamed(bytes, name, ledger);
    ledger.leave();
    cleaned
}

/// The same, where the ledger says its place already.
pub(super) fn unnamed(bytes: &[u8], name: &str, ledger: &mut Ledger) -> Option<Vec<u8>> {
    inside(bytes, name, ledger).filter(|cleaned| cleaned != bytes)
}

fn inside(bytes: &[u8], name: &str, ledger: &mut Ledger) -> Option<Vec<u8>> {
    let Some(mut inner) = ledger.inner(bytes.len() as u64) else {
        ledger.not_inspected(Text::fixed(
            "入れ子が深すぎるか、中のファイルが多すぎます",
            "too many files in it, or too deep in one another",
        ));
        return None;
    };
    let (mut out, is_written) = (Vec::new(), !ledger.only_looks());
    let outcome = clean(&Held(bytes), Some(name), &mut inner, is_written.then_some(&mut out as &mut dyn io::Write));
    let Err(error) = outcome else {
        ledger.absorb(inner);
        return is_written.then_some(out);
    };
    let is_said = inner.has(Category::NotInspected);
    ledger.absorb_kept(inner);
    if !is_said {
        let why = match error {
            SanitiseError::Read(ReadError::Damaged(why) | ReadError::Limit(why)) | SanitiseError::Refused(why) => why,
            SanitiseError::Read(ReadError::Io(_)) | SanitiseError::Write(_) => "it can't be read",
        };
        ledger.not_inspected(Text::new(format!("調べられません（{why}）"), why.to_owned()));
    }
    None
}
