//! 合言葉. What opens the keyring at start.

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use kakuzuke_core::crypto::SecretBytes;
use rand_core::CryptoRng;

/// A passphrase.
pub struct Passphrase(SecretBytes);

impl Passphrase {
    /// Reads it from a file: its content up to the end of line.
    ///
    /// # Errors
    /// When the file can't be read or is empty.
    pub fn from_file(path: &Path) -> io::Result<Self> {
        let mut bytes = fs::read(path)?;
        while bytes.last().is_some_and(u8::is_ascii_whitespace) {
            bytes.pop();
        }
        if bytes.is_empty() { Err(io::ErrorKind::InvalidData.into()) } else { Ok(Self(SecretBytes::new(bytes))) }
    }

    /// Makes one of 256 random bits and writes it to a new file that only its owner reads.
    ///
    /// # Errors
    /// When the file exists or can't be written.
    pub fn generate(path: &Path, rng: &mut dyn CryptoRng) -> io::Result<Self> {
        let random = SecretBytes::from_fill(32, |bytes| rng.fill_bytes(bytes));
        let text = SecretBytes::new(data_encoding::BASE32_NOPAD.encode(random.expose()).into_bytes());
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(text.expose())?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        Ok(Self(text))
    }

    pub(super) fn expose(&self) -> &[u8] {
        self.0.expose()
    }
}
