//! HTML. The label as `meta` elements in the head, in the file's own encoding; every other byte stays.

mod page;

use std::io::Write;

use kakuzuke_core::code::Text;

use crate::ability::{Ability, Can};
use crate::detect::{Detection, State};
use crate::error::{LabelError, ReadError};
use crate::format::Format;
use crate::kind::Kind;
use crate::label::StoredLabel;
use crate::source::Source;
use crate::splice::{self, Splice};
use crate::text;

use page::Page;

/// The plugin.
pub(crate) struct Html;

impl Format for Html {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Html]
    }

    fn detect(&self, _: &dyn Source, head: &[u8]) -> Result<Option<Detection>, ReadError> {
        let is_page = text::unreadable(head).is_none() && text::is_written(head) && begins(head);
        Ok(is_page.then_some(Detection { kind: Kind::Html, state: State::Open }))
    }

    fn read_label(&self, source: &dyn Source) -> Result<Option<StoredLabel>, LabelError> {
        label_of(&Page::read(source)?)
    }

    fn write_label(&self, source: &dyn Source, label: &StoredLabel, out: &mut dyn Write) -> Result<(), LabelError> {
        let page = Page::read(source)?;
        if page.is_cut {
            return Err(LabelError::Refused(Text::fixed(
                "HTMLの先頭部分（head）が途中で切れているため、書き込みません。",
                "the head of the page is cut off",
            )));
        }
        // Where the encoding is guessed wrong, the label would stand in what is no markup: it is looked for before it is written.
        splice::write_label(source, changed(&page, label), label, out)
    }

    fn can(&self, _: Kind, ability: Ability) -> Can {
        match ability {
            Ability::Text | Ability::Label | Ability::Inspect | Ability::Sanitise => Can::Yes,
            Ability::Wrap => Can::No(crate::opaque::BARE),
            Ability::Mark => Can::No(crate::plain::NO_PAGES),
        }
    }
}

fn label_of(page: &Page) -> Result<Option<StoredLabel>, LabelError> {
    let metas = page.metas();
    StoredLabel::from_properties(metas.iter().map(|meta| (meta.name.as_str(), meta.content.as_str())))
}

/// The changes that put a label in the place of an earlier one. It is written in ASCII, which every encoding has.
fn changed(page: &Page, label: &StoredLabel) -> Vec<Splice> {
    let old = page.metas().into_iter().filter(|meta| StoredLabel::is_property(&meta.name));
    let mut changes: Vec<Splice> = old.map(|meta| Splice::replace(meta.at, Vec::new())).collect();
    let ascii = |value: &str| -> String {
        let sign = |c: char| if c.is_ascii() { c.to_string() } else { format!("&#{};", u32::from(c)) };
        crate::xml::escape(value).chars().map(sign).collect()
    };
    let metas =
        label.whole_properties().map(|(name, value)| format!("<meta name=\"{name}\" content=\"{}\" />", ascii(&value)));
    changes.push(Splice::insert(page.place(), page.encode(&metas.concat())));
    changes
}

/// Whether a text begins as a page does: one of its outermost elements is the first.
fn begins(head: &[u8]) -> bool {
    let Some(decoded) = text::decode(head, text::declared(head).as_deref()) else { return false };
    let mut rest = decoded.text.trim_start();
    loop {
        let end = match rest {
            r if r.starts_with("<!--") => "-->",
            r if r.starts_with("<?") => ">",
            r if r.get(..14).is_some_and(|doctype| doctype.eq_ignore_ascii_case("<!doctype html")) => return true,
            r => {
                let tag = r.strip_prefix('<').unwrap_or_default();
                let name: String = tag.chars().take_while(char::is_ascii_alphanumeric).collect();
                return ["html", "head", "title", "meta", "body"].iter().any(|known| name.eq_ignore_ascii_case(known));
            }
        };
        let Some((_, after)) = rest.split_once(end) else { return false };
        rest = after.trim_start();
    }
}
