//! Files written into addresses (RFC 2397): pictures in pages and drawings bring their own hidden data along.

use data_encoding::BASE64;

use super::{Ledger, nested};

/// The address with the file in it cleaned; `None` when it stays as it is, or holds no file.
pub(super) fn clean(address: &str, ledger: &mut Ledger) -> Option<String> {
    let trimmed = address.trim();
    let (scheme, rest) = trimmed.split_at_checked(5)?;
    let (kind, data) = rest.split_once(',').filter(|_| scheme.eq_ignore_ascii_case("data:"))?;
    let media = kind.strip_suffix(";base64")?;
    let packed: String = data.chars().filter(|c| !c.is_whitespace()).collect();
    let bytes = BASE64.decode(packed.as_bytes()).ok()?;
    let cleaned = nested(&bytes, media, ledger)?;
    Some(format!("data:{media};base64,{}", BASE64.encode(&cleaned)))
}
