//! 権利. As bits for C.

use sdk::code::Code;
use sdk::{Error, Right, Rights};

/// A right, or several of them added together.
#[allow(non_camel_case_types, reason = "the name C sees")]
pub type kkz_rights = u32;
/// 閲覧. The only right that cryptography enforces; the others are the host application's to respect.
pub const KKZ_RIGHT_VIEW: kkz_rights = 1;
/// 印刷.
pub const KKZ_RIGHT_PRINT: kkz_rights = 2;
/// 複製: clipboard, save-as inside protection.
pub const KKZ_RIGHT_COPY: kkz_rights = 4;
/// 編集.
pub const KKZ_RIGHT_EDIT: kkz_rights = 8;
/// 平文での出力.
pub const KKZ_RIGHT_EXPORT: kkz_rights = 16;
/// 提供.
pub const KKZ_RIGHT_PROVIDE: kkz_rights = 32;
/// 格付・取扱制限の見直し.
pub const KKZ_RIGHT_RELABEL: kkz_rights = 64;

const RIGHTS: [(kkz_rights, Right); 7] = [
    (KKZ_RIGHT_VIEW, Right::View),
    (KKZ_RIGHT_PRINT, Right::Print),
    (KKZ_RIGHT_COPY, Right::Copy),
    (KKZ_RIGHT_EDIT, Right::Edit),
    (KKZ_RIGHT_EXPORT, Right::Export),
    (KKZ_RIGHT_PROVIDE, Right::Provide),
    (KKZ_RIGHT_RELABEL, Right::Relabel),
];

/// The rights named by bits; a bit that names none is refused.
pub(crate) fn rights(bits: kkz_rights) -> Result<Rights, Error> {
    let known = RIGHTS.iter().fold(0, |all, (bit, _)| all | bit);
    if bits & !known != 0 {
        return Err(Error::of(Code::Usage));
    }
    Ok(RIGHTS.iter().filter(|(bit, _)| bits & bit != 0).fold(Rights::NONE, |all, (_, right)| all.with(*right)))
}

/// The one right a bit names.
pub(crate) fn single(bits: kkz_rights) -> Option<Right> {
    RIGHTS.iter().find(|(bit, _)| *bit == bits).map(|(_, right)| *right)
}

/// The bits of rights.
pub(crate) fn bits(rights: Rights) -> kkz_rights {
    RIGHTS.iter().filter(|(_, right)| rights.allows(*right)).fold(0, |all, (bit, _)| all | bit)
}
