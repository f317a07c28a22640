//! リッチテキスト. RTF: the label among the properties that users add (`\userprops`, RTF 1.9.1), which office programs keep.

use std::io::Write;
use std::ops::Range;

use kakuzuke_core::code::Text;

use crate::ability::{Ability, Can};
use crate::detect::{Detection, State};
use crate::error::{LabelError, ReadError};
use crate::foreign::{self, ForeignLabel};
use crate::format::Format;
use crate::kind::Kind;
use crate::label::StoredLabel;
use crate::limits;
use crate::source::{Source, read_range};
use crate::splice::{self, Splice};

mod groups;

use groups::{Header, Item};

/// The plugin.
pub(crate) struct Rtf;

const CONVERT: Text = Text::fixed(
    "表示は付けられません。docx又はodtに変換してから付けてください。",
    "Rich text is not marked. Convert it to docx or odt first.",
);

impl Format for Rtf {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Rtf]
    }

    fn detect(&self, _: &dyn Source, head: &[u8]) -> Result<Option<Detection>, ReadError> {
        Ok(head.starts_with(b"{\\rtf").then_some(Detection { kind: Kind::Rtf, state: State::Open }))
    }

    fn read_label(&self, source: &dyn Source) -> Result<Option<StoredLabel>, LabelError> {
        let bytes = start(source)?;
        let Some(header) = Header::read(&bytes) else { return Ok(None) };
        let items = header.items(&bytes);
        StoredLabel::from_properties(items.iter().map(|item| (item.name.as_str(), item.value.as_str())))
    }

    fn foreign(&self, source: &dyn Source) -> Result<Vec<ForeignLabel>, LabelError> {
        let bytes = start(source)?;
        let items = Header::read(&bytes).map_or_else(Vec::new, |header| header.items(&bytes));
        Ok(foreign::of_words(items.iter().map(|item| (item.name.as_str(), item.value.as_str()))))
    }

    fn write_label(&self, source: &dyn Source, label: &StoredLabel, out: &mut dyn Write) -> Result<(), LabelError> {
        let bytes = start(source)?;
        let header = Header::read(&bytes).ok_or(LabelError::Refused(Text::fixed(
            "RTFの先頭部分を読み取れないため、書き込みません。",
            "the head of the RTF file can't be understood",
        )))?;
        let range = |at: &Range<usize>| at.start as u64..at.end as u64;
        let ours = |item: &Item| StoredLabel::is_property(&item.name);
        let items = header.items(&bytes);
        let mut changes: Vec<Splice> =
            items.iter().filter(|item| ours(item)).map(|item| Splice::replace(range(&item.at), Vec::new())).collect();
        let written: String = label.properties().iter().map(|(name, value)| item(name, value)).collect();
        changes.push(match &header.properties {
            Some(group) => Splice::insert(group.end as u64 - 1, written.into_bytes()),
            None => Splice::insert(header.place as u64, format!("{{\\*\\userprops {written}}}").into_bytes()),
        });
        splice::write_label(source, changes, label, out)
    }

    fn can(&self, _: Kind, ability: Ability) -> Can {
        match ability {
            Ability::Text | Ability::Label | Ability::Inspect | Ability::Sanitise => Can::Yes,
            Ability::Wrap => Can::No(crate::opaque::BARE),
            Ability::Mark => Can::No(CONVERT),
        }
    }
}

fn start(source: &dyn Source) -> Result<Vec<u8>, ReadError> {
    let size = source.size()?;
    Ok(read_range(source, 0..size.min(limits::MARKUP_HEAD))?)
}

/// A property of words.
fn item(name: &str, value: &str) -> String {
    let mut written = String::new();
    for unit in value.encode_utf16() {
        match u8::try_from(unit).ok().filter(u8::is_ascii) {
            Some(sign @ (b'\\' | b'{' | b'}')) => written.extend(['\\', char::from(sign)]),
            Some(sign) => written.push(char::from(sign)),
            None => written.push_str(&format!("\\u{}?", unit.cast_signed())),
        }
    }
    format!("{{\\propname {name}}}\\proptype30{{\\staticval\\uc1 {written}}}")
}
