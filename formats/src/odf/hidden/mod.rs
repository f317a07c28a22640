//! 隠れた情報. What an OpenDocument package holds beside what is seen (ISO/IEC 26300-3): files that nothing leads to, elements
//! that go out of parts that stay.

mod cells;
mod columns;
mod facts;
mod fields;
mod files;
mod foreign;
mod grounds;
mod ink;
mod notes;
mod rdf;
mod rules;
mod shapes;
mod styles;
mod unseen;
mod words;

use std::collections::{BTreeMap, HashMap, HashSet};

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use crate::error::ReadError;
use crate::hidden::{Category, Changes, Ledger, Out, SanitiseError, beside, scrub};
use crate::source::Source;
use crate::zip::Archive;
use facts::Facts;
use files::Files;
use rules::Rules;
use styles::Styles;

/// Finds hidden data, and writes the package without those that are to go.
pub(super) fn clean(source: &dyn Source, ledger: &mut Ledger, out: Out<'_>) -> Result<(), SanitiseError> {
    let archive = Archive::open(source)?;
    let mut changes = Changes::default();
    let mut files = Files::read(&archive)?;
    beside(&archive, ledger);
    files.whole(&archive, ledger, &mut changes)?;
    let mut folders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for entry in archive.entries().iter().filter(|e| files::is_part(&e.name)) {
        let (folder, part) = files::split(&entry.name);
        folders.entry(folder).or_default().push(part);
    }
    let mut values = Values::new();
    // The document comes before the objects in it: they repeat what it hides.
    for (folder, parts) in &folders {
        let mut document = Document { archive: &archive, files: &files, folder, ledger, changes: &mut changes };
        document.clean(parts, &mut values)?;
    }
    files.leftovers(&archive, ledger, &mut changes)?;
    changes.media(&archive, ledger)?;
    files.unknown(&archive, ledger, &changes)?;
    files::unlist(&archive, &mut changes)?;
    changes.write(&archive, out)
}

/// Values that only hidden cells and sheets have, and which of the two.
type Values = HashMap<String, Category>;

/// The document, or an object in it: parts in one folder.
struct Document<'d> {
    archive: &'d Archive<'d>,
    files: &'d Files,
    folder: &'d str,
    ledger: &'d mut Ledger,
    changes: &'d mut Changes,
}

impl Document<'_> {
    fn name(&self, part: &str) -> String {
        if self.folder.is_empty() { part.to_owned() } else { format!("{}/{part}", self.folder) }
    }

    fn text(&self, part: &str) -> Result<Option<String>, ReadError> {
        self.changes.text(self.archive, &self.name(part))
    }

    /// `values` are those that the document hides.
    fn clean(&mut self, parts: &[&str], values: &mut Values) -> Result<(), ReadError> {
        let (common, settings) = (self.readable("styles.xml")?, self.readable("settings.xml")?);
        let mut sheets = HashSet::new();
        for part in ["content.xml", "styles.xml", "meta.xml", "settings.xml"] {
            if !parts.contains(&part) {
                continue;
            }
            let text = match self.text(part) {
                Ok(Some(text)) => text,
                Ok(None) => continue,
                Err(e) => {
                    self.broken(part, e)?;
                    continue;
                }
            };
            remarks(&text, self.ledger);
            let cleaned = match part {
                "meta.xml" => words::metadata(&text, self.ledger),
                "settings.xml" => words::settings(&text, &sheets, self.ledger),
                _ => self.scrub(part, &text, (common.as_deref(), settings.as_deref()), values, &mut sheets),
            };
            match cleaned {
                Ok(cleaned) if cleaned != text => self.changes.put(&self.name(part), cleaned.into_bytes())?,
                Ok(_) => {}
                Err(e) => self.broken(part, e)?,
            }
        }
        Ok(())
    }

    fn readable(&self, part: &str) -> Result<Option<String>, ReadError> {
        match self.text(part) {
            Err(ReadError::Damaged(_)) => Ok(None),
            other => other,
        }
    }

    fn scrub(
        &mut self,
        part: &str,
        text: &str,
        (common, settings): (Option<&str>, Option<&str>),
        values: &mut Values,
        sheets: &mut HashSet<String>,
    ) -> Result<String, ReadError> {
        let is_common = part == "styles.xml";
        let styles = Styles::read(common.filter(|_| !is_common), text)?;
        let cut = columns::cut(text, &styles).unwrap_or_default();
        let pieces = cut.as_deref().unwrap_or(text);
        let facts = Facts::read(common, settings, pieces, &styles, values)?;
        let mut rules = Rules::new(self.ledger, &styles, self.files, &facts, self.folder);
        let cleaned = scrub(pieces, &mut |tag, above| rules.judge(tag, above))?;
        sheets.extend(rules.gone);
        values.extend(facts.hidden);
        unseen::tell(common, &cleaned, &styles, self.ledger)?;
        // Nothing is cut when nothing goes.
        Ok(if cleaned == pieces { text.to_owned() } else { cleaned })
    }

    /// A part that can't be read stays as it is, and is said.
    fn broken(&mut self, part: &str, error: ReadError) -> Result<(), ReadError> {
        let ReadError::Damaged(why) = error else { return Err(error) };
        let name = self.name(part);
        self.ledger.not_inspected(Text::new(format!("読めない部品：{name}"), format!("{name}: {why}")));
        Ok(())
    }
}

/// Remarks of XML, which go whenever a part is written.
fn remarks(part: &str, ledger: &mut Ledger) {
    let behind = part.strip_prefix("<?xml").unwrap_or(part);
    if behind.contains("<!--") || behind.contains("<?") {
        ledger.found(Category::PrivateData, Unit::Whole, &Text::fixed("XMLの注記", "remarks in XML"));
    }
}
