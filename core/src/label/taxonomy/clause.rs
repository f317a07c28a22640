//! 条項. What the clauses say in short, and their numbers in later editions; denials quote them.

use super::Taxonomy;
use crate::code::Text;
use crate::protocol::ClauseNote;

/// A later edition of the standard, and where its sections went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// Its id, such as `r5`.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// Section numbers here and there.
    pub(super) renumber: Vec<(String, String)>,
}

impl Edition {
    /// The section of a clause in this edition: `6.1.5(1)(a)` lies in 7.1.5 of 令和5. Absent where the table has none.
    ///
    /// Sections only: paragraphs and items were reworded, so a clause is quoted with its number of the edition in force here.
    #[must_use]
    pub fn section_of(&self, clause: &str) -> Option<String> {
        let section = clause.split_once('(').map_or(clause, |(section, _)| section);
        self.renumber
            .iter()
            .filter_map(|(here, there)| {
                let rest = section.strip_prefix(here.as_str())?;
                (rest.is_empty() || rest.starts_with('.')).then(|| (here.len(), format!("{there}{rest}")))
            })
            .max_by_key(|(length, _)| *length)
            .map(|(_, found)| found)
    }
}

impl Taxonomy {
    /// What a clause asks, in short and in our words. The id as printed: `3.1.1(4)(b)`, `規範12`.
    #[must_use]
    pub fn clause(&self, id: &str) -> Option<&Text> {
        self.clauses.iter().find(|(known, _)| known == id).map(|(_, text)| text)
    }

    /// The clause to stand beside an answer; of an item that has no words of its own, its paragraph's.
    #[must_use]
    pub fn clause_note(&self, id: &str) -> ClauseNote {
        let mut at = id;
        loop {
            if let Some(text) = self.clause(at) {
                return ClauseNote { id: id.to_owned(), text: text.clone() };
            }
            match at.rsplit_once('(') {
                Some((paragraph, _)) => at = paragraph,
                None => break,
            }
        }
        ClauseNote { id: id.to_owned(), text: Text::new(format!("統一基準 {id}"), format!("Clause {id}")) }
    }

    /// Every clause, in the order of the file.
    pub fn clauses(&self) -> impl Iterator<Item = (&str, &Text)> {
        self.clauses.iter().map(|(id, text)| (id.as_str(), text))
    }

    /// Later editions of the standard known to this taxonomy.
    #[must_use]
    pub fn editions(&self) -> &[Edition] {
        &self.editions
    }
}
