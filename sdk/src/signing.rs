//! 公表物の署名. Proof for outsiders that a published copy is the agency's (6.3.1(2)(a)(ウ)): in a PDF itself, beside any other
//! file as `.p7s`. The key is the agency's own for documents, never one of the officer's device.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kakuzuke_core::crypto::publication::{LONGEST_FILE, PublicationError, PublicationKey, SignatureForm};
use kakuzuke_core::time::Timestamp;
use kakuzuke_formats::{Kind, SignaturePlace, State, Unsigned};
use serde::Serialize;

use crate::error::{Error, Result};
use crate::platform::Positional;
use crate::profile::Passphrase;
use crate::session::Session;

pub use kakuzuke_formats::Changes;

/// 署名の指示. What a published copy is signed with.
#[derive(Clone)]
pub struct Signing {
    key: Arc<PublicationKey>,
    changes: Changes,
}

impl std::fmt::Debug for Signing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signing({:?}, {:?})", self.key.signer(), self.changes)
    }
}

/// Who signed a published copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct SignedBy {
    /// The name in the certificate.
    pub signer: String,
    /// When the certificate ends.
    pub valid_until: Timestamp,
    /// The signature's file, where it is not in the copy itself.
    pub beside: Option<PathBuf>,
}

/// How a copy was signed.
pub(crate) enum Signature {
    Within,
    Beside(Vec<u8>),
}

impl Session {
    /// Reads a certificate and its key (PEM files), and checks that they may sign documents now.
    ///
    /// # Errors
    /// [`crate::code::Code::Usage`] with words of its own for an expired certificate, one for something else, a key that is not its
    /// own, and a passphrase that is missing or wrong.
    pub fn signing(
        &self,
        certificate: &Path,
        key: &Path,
        passphrase: Option<&Passphrase>,
        changes: Changes,
    ) -> Result<Signing> {
        let (certificates, secret) = (read(certificate)?, zeroize::Zeroizing::new(read(key)?));
        let now = self.0.clock.now();
        let read = PublicationKey::read(&certificates, &secret, passphrase.map(Passphrase::expose), now);
        let named = |error: PublicationError| match error {
            PublicationError::Certificate(_) => certificate,
            _ => key,
        };
        let key = read.map_err(|e| Error::new(e.code(), e.text()).at(named(e)))?;
        Ok(Signing { key: Arc::new(key), changes })
    }
}

fn read(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(LONGEST_FILE as u64 + 1).read_to_end(&mut bytes));
    read.map_err(|e| Error::io(path, e))?;
    Ok(bytes)
}

impl Signing {
    /// Signs the copy in `file`, whose path will be `out`: a PDF in itself.
    pub(crate) fn sign(&self, file: &File, out: &Path, now: Timestamp) -> Result<Signature> {
        let found = kakuzuke_formats::detect(file, None).map_err(|e| Error::of(e.code()).at(out))?;
        if found.kind == Kind::Pdf && found.state == State::Open {
            self.sign_within(file, out, now)?;
            return Ok(Signature::Within);
        }
        let mut at = 0;
        let mut next = |buf: &mut [u8]| -> Result<usize> {
            let n = file.read_at(buf, at).map_err(|e| Error::io(out, e))?;
            at += n as u64;
            Ok(n)
        };
        self.key.sign(SignatureForm::Beside(now), &mut next).map(Signature::Beside)
    }

    fn sign_within(&self, file: &File, out: &Path, now: Timestamp) -> Result<()> {
        let failed = |e: kakuzuke_formats::LabelError| Error::of(e.code()).at(out).caused_by(e);
        let place = SignaturePlace { room: self.key.room(), at: now, changes: self.changes };
        let end = file.metadata().map_err(|e| Error::io(out, e))?.len();
        let unsigned = Unsigned::new(file, &place).map_err(failed)?;
        let mut at = 0;
        let mut next = |buf: &mut [u8]| -> Result<usize> {
            let n = unsigned.read_signed(at, buf).map_err(|e| Error::io(out, e))?;
            at += n as u64;
            Ok(n)
        };
        let signature = self.key.sign(SignatureForm::Pdf, &mut next)?;
        let update = unsigned.finish(&signature).map_err(failed)?;
        file.write_all_at(&update, end).map_err(|e| Error::io(out, e))
    }

    pub(crate) fn by(&self, beside: Option<PathBuf>) -> SignedBy {
        SignedBy { signer: self.key.signer().to_owned(), valid_until: self.key.valid_until(), beside }
    }
}

impl From<PublicationError> for Error {
    fn from(error: PublicationError) -> Self {
        Self::new(error.code(), error.text())
    }
}

/// The name of the signature's file.
pub(crate) fn beside(out: &Path) -> PathBuf {
    let mut name = out.as_os_str().to_owned();
    name.push(".p7s");
    PathBuf::from(name)
}
