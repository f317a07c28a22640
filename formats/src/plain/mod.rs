//! テキスト. Text, XML and JSON: nothing but words, and no place among them for a label that every reader would pass over.

use kakuzuke_core::code::Text;

use crate::ability::{Ability, Can};
use crate::detect::{Detection, State};
use crate::error::ReadError;
use crate::format::Format;
use crate::kind::Kind;
use crate::place::MAGIC;
use crate::source::Source;
use crate::text;

/// The plugin.
pub(crate) struct Plain;

const BESIDE: Text = Text::fixed(
    "文字だけの形式で、中に格付を記録すると内容が変わります。格付は、隣の .kkzsig ファイルに署名して記録します。",
    "Nothing but words: a label inside would change what the file says. It goes into a signed .kkzsig file beside it.",
);

pub(crate) const NO_PAGES: Text =
    Text::fixed("表示を置くページがありません。", "It has no pages to show a marking on.");

impl Format for Plain {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Text, Kind::Xml, Kind::Json]
    }

    fn detect(&self, _: &dyn Source, head: &[u8]) -> Result<Option<Detection>, ReadError> {
        if head.starts_with(&MAGIC) || text::unreadable(head).is_some() || !text::is_written(head) {
            return Ok(None);
        }
        Ok(Some(Detection { kind: kind(head), state: State::Open }))
    }

    fn can(&self, kind: Kind, ability: Ability) -> Can {
        match (ability, kind) {
            (Ability::Text | Ability::Inspect | Ability::Sanitise, _) => Can::Yes,
            (Ability::Label, _) => Can::No(BESIDE),
            (Ability::Wrap, _) => Can::No(crate::opaque::BARE),
            (Ability::Mark, _) => Can::No(NO_PAGES),
        }
    }
}

fn kind(head: &[u8]) -> Kind {
    let Some(decoded) = text::decode(head, text::declared(head).as_deref()) else { return Kind::Text };
    let words = decoded.text.trim_start();
    if words.starts_with("<?xml") {
        return Kind::Xml;
    }
    let mut signs = words.chars().filter(|c| !c.is_whitespace());
    match (signs.next(), signs.next()) {
        (Some('{'), Some('"' | '}')) | (Some('['), Some('{' | '[' | '"' | ']')) => Kind::Json,
        _ => Kind::Text,
    }
}
