//! 書庫. ZIP archives that are no document: what lies in them is labelled and protected one by one, or all of it as one envelope.

use kakuzuke_core::code::Text;

use crate::ability::{Ability, Can};
use crate::detect::{Detection, State};
use crate::embed;
use crate::error::ReadError;
use crate::format::Format;
use crate::kind::Kind;
use crate::source::Source;

/// The plugin.
pub(crate) struct Zip;

const ENTRIES: Text = Text::fixed(
    "除去できないものを含むファイルは、その場所を示して報告します。",
    "A file in it out of which something can't be taken is named with its place.",
);
const ONE_BY_ONE: Text = Text::fixed(
    "書庫の注釈は展開すると失われるので、書庫の中には記録しません。中のファイルに一つずつ格付するか、隣の .kkzsig ファイルに署名して記録します。",
    "An archive's comment is lost when it is unpacked. Label the files in it one by one; the archive's own label goes into a signed .kkzsig file beside it.",
);

impl Format for Zip {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Zip]
    }

    fn detect(&self, _: &dyn Source, head: &[u8]) -> Result<Option<Detection>, ReadError> {
        let is_archive = embed::is_archive(head) || head.starts_with(b"PK\x05\x06");
        Ok(is_archive.then_some(Detection { kind: Kind::Zip, state: State::Open }))
    }

    fn can(&self, _: Kind, ability: Ability) -> Can {
        match ability {
            Ability::Text | Ability::Inspect => Can::Yes,
            Ability::Sanitise => Can::Partly(ENTRIES),
            Ability::Label => Can::No(ONE_BY_ONE),
            Ability::Wrap => Can::No(crate::opaque::BARE),
            Ability::Mark => Can::No(crate::plain::NO_PAGES),
        }
    }
}
