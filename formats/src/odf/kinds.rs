//! The kinds of OpenDocument package, by their media type (ISO/IEC 26300-2, 3.3).

use crate::kind::Kind;

/// Every kind of this plugin.
pub(super) const KINDS: &[Kind] =
    &[Kind::Odt, Kind::Ott, Kind::Ods, Kind::Ots, Kind::Odp, Kind::Otp, Kind::Odg, Kind::Otg];

/// What the body of a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Text,
    Sheet,
    Slides,
    Drawing,
}

/// What a kind is a document of; `None` for kinds of other plugins.
pub(super) fn family(kind: Kind) -> Option<Family> {
    Some(match kind {
        Kind::Odt | Kind::Ott => Family::Text,
        Kind::Ods | Kind::Ots => Family::Sheet,
        Kind::Odp | Kind::Otp => Family::Slides,
        Kind::Odg | Kind::Otg => Family::Drawing,
        _ => return None,
    })
}
