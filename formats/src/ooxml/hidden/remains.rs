//! What remains of a package: what nothing refers to goes, what nobody knows is told.

use std::collections::{HashMap, HashSet};

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use super::graph::{Link, Target};
use super::known::{self, Nature};
use super::orphans::{self, Mentions};
use super::{Ids, Package, graph};
use crate::error::ReadError;
use crate::hidden::{Act, Category, Changes, nested, scrub};
use crate::limits;
use crate::ooxml::is_record;
use crate::ooxml::opc::TYPES;

/// What a part refers to by now, and what it referred to as it came, if that was more.
struct Both {
    now: Mentions,
    before: Option<Mentions>,
}

const UNUSED: Text =
    Text::fixed("どこにも使われていない画像・部品・リンク", "pictures, parts and links that are used nowhere");
const UNUSED_NOTES: Text = Text::fixed("本文から参照されない脚注・文末脚注", "notes that no text refers to");

impl Package<'_> {
    /// Notes, pictures and addresses that only deleted text referred to, or nothing at all.
    pub(super) fn drop_orphans(&mut self, gone: &mut Ids) -> Result<(), ReadError> {
        let graph = self.graph;
        let is_left = |link: &&Link| !gone.contains(&link.key()) && !matches!(link.target, Target::Nowhere);
        for link in graph.links.iter().filter(is_left).filter(|l| matches!(l.tail.as_str(), "footnotes" | "endnotes")) {
            self.drop_notes(link)?;
        }
        let mut named: HashMap<&str, Vec<&Link>> = HashMap::new();
        // Notes lead to their slide without naming it.
        let is_of_notes = |link: &&Link| link.tail == "slide" && graph.to(&link.source).any(|l| l.tail == "notesSlide");
        let is_named = |link: &&Link| known::is_named(&link.tail) && !is_of_notes(link);
        for link in graph.links.iter().filter(is_left).filter(is_named) {
            named.entry(&link.source).or_default().push(link);
        }
        let mut lost = Ids::new();
        for (source, links) in named {
            let Some(Both { now, before }) = self.mentions(source)? else { continue };
            for link in links.into_iter().filter(|link| !now.links.contains(&link.id)) {
                let was = before.as_ref().is_some_and(|before| before.links.contains(&link.id));
                if was || self.ledger.found(Category::Leftovers, Unit::Whole, &UNUSED) {
                    lost.insert(link.key());
                }
            }
        }
        if lost.is_empty() {
            return Ok(());
        }
        // What a diagram was drawn as goes with the last diagram of its page.
        let of = |tail: &'static str| graph.links.iter().filter(move |link| link.tail == tail);
        let stay: HashSet<&str> =
            of("diagramData").filter(|link| !lost.contains(&link.key())).map(|link| link.source.as_str()).collect();
        let is_alone = |link: &&Link| !stay.contains(link.source.as_str());
        let drawings: Vec<_> = of("diagramDrawing").filter(is_alone).map(Link::key).collect();
        gone.extend(lost.into_iter().chain(drawings));
        self.drop_parts(gone)
    }

    /// What a part refers to; `None` where that can't be read, which is told.
    fn mentions(&self, part: &str) -> Result<Option<Both>, ReadError> {
        let Some(text) = self.readable(part)? else { return Ok(None) };
        let Ok(now) = Mentions::of(&text) else { return Ok(None) };
        let before = match self.archive.find(part).filter(|_| self.changes.is_changed(part)) {
            Some(entry) => Mentions::of(&crate::xml::decode(&self.archive.read(entry, limits::CLEANED_PART)?)?).ok(),
            None => None,
        };
        Ok(Some(Both { now, before }))
    }

    /// The notes that the text of a document refers to stay.
    fn drop_notes(&mut self, link: &Link) -> Result<(), ReadError> {
        let Some(part) = link.part() else { return Ok(()) };
        let (Some(both), Some(text)) = (self.mentions(&link.source)?, self.readable(part)?) else { return Ok(()) };
        let of = |mentions: &Mentions, id: &str| mentions.notes(&link.tail).contains(id);
        let ledger = &mut *self.ledger;
        let cleaned = orphans::drop_notes(&text, &mut |id| {
            let was = both.before.as_ref().is_some_and(|before| of(before, id));
            !of(&both.now, id) && (was || ledger.found(Category::Leftovers, Unit::Whole, &UNUSED_NOTES))
        });
        match cleaned {
            Ok(cleaned) if cleaned != text => self.changes.put(part, cleaned.into_bytes()),
            _ => Ok(()),
        }
    }

    /// Documents that stand in the place of a paragraph (ISO/IEC 29500-1, 17.17.2.1).
    pub(super) fn chunks(&mut self, gone: &Ids) -> Result<(), ReadError> {
        let graph = self.graph;
        let is_chunk = |link: &&Link| link.tail == "aFChunk" && !gone.contains(&link.key());
        let parts: HashSet<&str> = graph.links.iter().filter(is_chunk).filter_map(Link::part).collect();
        for entry in self.archive.entries().iter().filter(|entry| parts.contains(entry.name.as_str())) {
            let bytes = self.archive.read(entry, limits::CLEANED_PART)?;
            if let Some(cleaned) = nested(&bytes, &entry.name, self.ledger) {
                self.changes.put(&entry.name, cleaned)?;
            }
        }
        Ok(())
    }

    /// Tells remarks and orders to programs in a part; they go whenever it is cleaned.
    pub(super) fn tell_remarks(&mut self, text: &str) {
        let body = text.trim_start().strip_prefix("<?xml").unwrap_or(text);
        let remarks = body.match_indices("<!--").filter_map(|(at, _)| body.get(at..));
        let is_ours = |remark: &str| remark.find("-->").and_then(|end| remark.get(..end + 3)).is_some_and(is_record);
        if remarks.clone().any(|remark| !is_ours(remark)) || body.contains("<?") {
            let what = Text::fixed("XMLの注記・処理命令", "remarks and processing instructions in XML");
            self.ledger.found(Category::Leftovers, Unit::Whole, &what);
        }
    }

    /// The lists of relationships and of types without remarks.
    pub(super) fn drop_remarks(&mut self) -> Result<(), ReadError> {
        for entry in self.archive.entries() {
            let name = entry.name.as_str();
            let is_list = name == TYPES || graph::source_of(name).is_some();
            let Some(text) = (if is_list { self.readable(name)? } else { None }) else { continue };
            self.tell_remarks(&text);
            match scrub(&text, &mut |_, _| Act::Keep) {
                Ok(cleaned) if cleaned != text => self.changes.put(name, cleaned.into_bytes())?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Parts that stay and were not looked into.
    pub(super) fn tell_unknown(&mut self, gone: &Ids) {
        for entry in self.archive.entries() {
            let name = entry.name.as_str();
            let is_list = name == TYPES || graph::source_of(name).is_some() || name.ends_with('/');
            if is_list || self.changes.is_gone(name) || self.is_known(name, gone) {
                continue;
            }
            let words = Text::new(
                format!("種類の分からない部品：{name}"),
                format!("a part of a kind that is not known: {name}"),
            );
            self.ledger.not_inspected(words);
        }
    }

    fn is_known(&self, name: &str, gone: &Ids) -> bool {
        let mut links = self.graph.to(name).filter(|link| !gone.contains(&link.key())).peekable();
        // What nothing leads to is told already.
        links.peek().is_none()
            || links.any(|link| match known::nature(link) {
                Some(Nature::Markup(_)) if self.sort(name).is_some() => true,
                // A part that is broken is told already.
                Some(Nature::Markup(roots)) => {
                    self.roots.get(name).is_some_and(|root| root.is_empty() || roots.contains(&root.as_str()))
                }
                Some(Nature::Medium) => Changes::is_medium(name),
                Some(Nature::Font | Nature::Chunk | Nature::Told) => true,
                None => false,
            })
    }
}
