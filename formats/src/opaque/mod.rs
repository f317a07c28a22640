//! その他のファイル. The bare envelope `.kkz`, and every file that has no plugin of its own.

use kakuzuke_core::code::Text;

use crate::ability::{Ability, Can};
use crate::carrier::{Carrier, Encoding, Frame};
use crate::detect::{Detection, State};
use crate::error::{LocateError, ReadError, WrapError};
use crate::format::{Format, Template};
use crate::kind::Kind;
use crate::place::{MAGIC, Place};
use crate::source::Source;

/// The plugin.
pub(crate) struct Opaque;

/// Why such a file can't be labelled.
const NO_PLACE: Text = Text::fixed(
    "この形式のファイルの中に格付を記録する場所を知りません。格付は、隣の .kkzsig ファイルに署名して記録します。",
    "No place for a label inside such a file is known. The label goes into a signed .kkzsig file beside it.",
);

/// Why such a file shows no marking.
const NO_FORM: Text = Text::fixed(
    "この形式の表示の仕方を知りません。",
    "How such a file is shown is not known, so nothing is put into what it shows.",
);

/// How a kind without a cover of its own is protected.
pub(crate) const BARE: Text = Text::fixed(
    "保護すると .kkz ファイルになります（外部へ渡すときはPDFの表紙を付けます）。",
    "Protected, it is a .kkz file (in a PDF with a cover when it is handed out).",
);

/// Nothing around the envelope.
pub(crate) struct Bare;

impl Template for Bare {
    fn carrier(&self, envelope: u64) -> Result<Carrier, WrapError> {
        Ok(Carrier {
            frame: Frame { prefix: Vec::new(), suffix: Vec::new() },
            envelope,
            encoding: Encoding::AsIs,
            sums: None,
        })
    }
}

/// What is looked into by its content.
const KNOWN: Text = Text::fixed(
    "テキスト、HTML、XML、RTF、電子メール、ZIP、旧形式のOffice文書は調べます。ほかの形式は調べられないと報告します。",
    "Text, HTML, XML, RTF, mail, ZIP and older Office documents are looked into; of other forms it is said that they are not.",
);

impl Format for Opaque {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Opaque]
    }

    fn detect(&self, source: &dyn Source, head: &[u8]) -> Result<Option<Detection>, ReadError> {
        let state =
            if head.starts_with(&MAGIC) { State::Protected(Place::Range(0..source.size()?)) } else { State::Open };
        Ok(Some(Detection { kind: Kind::Opaque, state }))
    }

    fn locate(&self, source: &dyn Source) -> Result<Option<Place>, LocateError> {
        let mut magic = [0; MAGIC.len()];
        let size = source.size().map_err(ReadError::from)?;
        if size < MAGIC.len() as u64 {
            return Ok(None);
        }
        source.read_exact_at(0, &mut magic).map_err(ReadError::from)?;
        Ok((magic == MAGIC).then_some(Place::Range(0..size)))
    }

    fn can(&self, _: Kind, ability: Ability) -> Can {
        match ability {
            Ability::Text => Can::Yes,
            Ability::Inspect | Ability::Sanitise => Can::Partly(KNOWN),
            Ability::Label => Can::No(NO_PLACE),
            Ability::Mark => Can::No(NO_FORM),
            Ability::Wrap => Can::No(BARE),
        }
    }
}
