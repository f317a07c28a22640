//! Enhanced metafiles ([MS-EMF]): drawings in office documents. The description of who drew it is made blank.

use super::found;
use crate::hidden::Ledger;

/// The drawing without what is to go; `None` when it is not well formed.
pub(super) fn clean(bytes: &[u8], ledger: &mut Ledger) -> Option<Vec<u8>> {
    let number = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?) as usize);
    let (length, start) = (number(60)?.checked_mul(2)?, number(64)?);
    let mut out = bytes.to_vec();
    let description = out.get_mut(start..start.checked_add(length)?)?;
    let says = description.iter().any(|b| *b != 0);
    if says && found(ledger, "作成ソフト・題名", "program and title") {
        description.fill(0);
    }
    Some(out)
}
