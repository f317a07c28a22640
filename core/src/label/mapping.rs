//! 対応表. What labels of other schemes stand for in this agency's words: a file that people write, and that only ever suggests.
//!
//! It is not signed: the worst that a false one can do is to suggest a higher grade than is due, because what it says never
//! lowers a suggestion, and nothing is decided by it.

use std::fmt;

use serde::Deserialize;

use super::{GradeLine, Grades, Restriction, Taxonomy};
use crate::code::Text;
use crate::time::Timestamp;

/// Longest file, in bytes, and most rows of one.
const LONGEST: usize = 1 << 20;
const MOST: usize = 4_096;

/// A scheme of labels that is not ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Scheme {
    /// 秘密度ラベル. Microsoft's sensitivity labels.
    Msip,
    /// TSCP's Business Authorization Identification and Labeling Scheme, which LibreOffice writes.
    Bails,
}

impl Scheme {
    /// What people call its labels.
    #[must_use]
    pub const fn name(self) -> Text {
        match self {
            Self::Msip => Text::fixed("Microsoft 秘密度ラベル", "Microsoft sensitivity label"),
            Self::Bails => Text::fixed("TSCP BAILS の区分", "TSCP BAILS category"),
        }
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Msip => "msip",
            Self::Bails => "bails",
        })
    }
}

/// A row: which label, and what it stands for.
#[derive(Debug, Clone)]
struct Row {
    scheme: Scheme,
    id: String,
    site: Option<String>,
    line: GradeLine,
}

/// 対応表.
#[derive(Debug, Clone, Default)]
pub struct Mapping(Vec<Row>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    label: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Entry {
    scheme: Scheme,
    id: String,
    tenant: Option<String>,
    /// For those who read the file.
    #[serde(rename = "name")]
    _name: Option<String>,
    grade: String,
    #[serde(default)]
    restrict: Vec<String>,
}

/// A mapping file could not be read; the words say where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a mapping file: {0}")]
pub struct MappingError(String);

impl MappingError {
    /// What happened and what to do.
    #[must_use]
    pub fn text(&self) -> Text {
        Text::new(
            format!("対応表を読めません。書式を確認してください。（{}）", self.0),
            format!("The mapping can't be read. Check its form. ({})", self.0),
        )
    }
}

impl Mapping {
    /// Reads a file (TOML) in the words of a taxonomy. A date without a year is the next such date after `reference`.
    ///
    /// # Errors
    /// Anything that is not understood whole: an unknown field, grade or restriction, a label twice.
    pub fn parse(text: &str, taxonomy: &Taxonomy, reference: Timestamp) -> Result<Self, MappingError> {
        let wrong = |why: String| Err(MappingError(why));
        if text.len() > LONGEST {
            return wrong(format!("longer than {LONGEST} bytes"));
        }
        let file: File = toml::from_str(text).map_err(|error| MappingError(error.to_string()))?;
        if file.version != 1 {
            return wrong(format!("version = {}", file.version));
        }
        if file.label.len() > MOST {
            return wrong(format!("more than {MOST} labels"));
        }
        let mut rows: Vec<Row> = Vec::new();
        for entry in file.label {
            let row = row(entry, taxonomy, reference)?;
            if rows.iter().any(|known| (known.scheme, &known.id, &known.site) == (row.scheme, &row.id, &row.site)) {
                return wrong(format!("id = \"{}\": twice", row.id));
            }
            rows.push(row);
        }
        Ok(Self(rows))
    }

    /// What a label stands for: the row of its own tenant before the row of any.
    #[must_use]
    pub fn find(&self, scheme: Scheme, id: &str, site: Option<&str>) -> Option<&GradeLine> {
        let of = |wanted: Option<&str>| {
            let is = |row: &&Row| row.scheme == scheme && row.id == id && row.site.as_deref() == wanted;
            self.0.iter().find(is).map(|row| &row.line)
        };
        site.and_then(|site| of(Some(site))).or_else(|| of(None))
    }
}

fn row(entry: Entry, taxonomy: &Taxonomy, reference: Timestamp) -> Result<Row, MappingError> {
    let named = |text: &str| text.trim().trim_matches(['{', '}']).to_ascii_lowercase();
    let (id, site) = (named(&entry.id), entry.tenant.as_deref().map(named));
    let wrong = |why: String| MappingError(format!("id = \"{id}\": {why}"));
    if id.is_empty() || id.len() > 256 || site.as_ref().is_some_and(|site| site.is_empty() || site.len() > 256) {
        return Err(wrong("no id".to_owned()));
    }
    let mut line = match entry.grade.trim().parse::<Grades>() {
        Ok(grades) => GradeLine {
            confidentiality: Some(grades.c),
            integrity: Some(grades.i),
            availability: Some(grades.a),
            ..GradeLine::default()
        },
        Err(_) => GradeLine::parse(&entry.grade, taxonomy, reference)
            .map_err(|error| wrong(format!("grade = \"{}\": {}", entry.grade, error.text().ja)))?,
    };
    if line.confidentiality.is_none() {
        return Err(wrong(format!("grade = \"{}\"", entry.grade)));
    }
    let mut restrictions: Vec<Restriction> = line.restrictions.iter().cloned().collect();
    for words in &entry.restrict {
        let read = Restriction::parse(words, taxonomy, reference);
        let known = read.ok().filter(|restriction| !matches!(restriction, Restriction::Unknown(_)));
        restrictions.push(known.ok_or_else(|| wrong(format!("restrict = \"{words}\"")))?);
    }
    line.restrictions = restrictions.into_iter().collect();
    Ok(Row { scheme: entry.scheme, id: id.clone(), site, line })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

    use super::*;

    const GUID: &str = "a0e7ab5c-1111-2222-3333-444455556666";

    fn parse(text: &str) -> Result<Mapping, MappingError> {
        Mapping::parse(text, Taxonomy::jp_h30(), Timestamp::from_unix(0))
    }

    #[test]
    fn the_row_of_the_tenant_comes_before_the_row_of_any() {
        let text = format!(
            "version = 1\n[[label]]\nscheme = \"msip\"\nid = \"{{{}}}\"\ngrade = \"C2I1A1\"\n\
             [[label]]\nscheme = \"msip\"\nid = \"{GUID}\"\ntenant = \"T\"\nname = \"極秘\"\ngrade = \"機密性３情報\"\nrestrict = [\"複製禁止\"]\n",
            GUID.to_uppercase()
        );
        let mapping = parse(&text).unwrap();
        let level = |site| mapping.find(Scheme::Msip, GUID, site).unwrap().confidentiality.unwrap().level();
        assert_eq!((level(Some("t")), level(Some("u")), level(None)), (3, 2, 2));
        assert_eq!(mapping.find(Scheme::Msip, GUID, Some("t")).unwrap().restrictions.len(), 1);
        assert!(mapping.find(Scheme::Bails, GUID, None).is_none());
    }

    #[test]
    fn what_is_not_understood_whole_is_refused_with_the_place() {
        let row = |rest: &str| format!("version = 1\n[[label]]\nscheme = \"msip\"\nid = \"{GUID}\"\n{rest}");
        for (text, said) in [
            ("label = []".to_owned(), "version"),
            ("version = 2\nlabel = []".to_owned(), "version"),
            (row("grade = \"C9\""), GUID),
            (row("grade = \"完全性２情報\""), GUID),
            (row("grade = \"C2I1A1\"\nrestrict = [\"好きにする\"]"), "好きにする"),
            (row("grade = \"C2I1A1\"\nlevel = 3"), "level"),
            (
                format!("{}\n{}", row("grade = \"C2I1A1\""), row("grade = \"C1I1A1\"").replace("version = 1\n", "")),
                "twice",
            ),
            (row("grade = \"C2I1A1\"").replace("msip", "other"), "other"),
            (row("grade = \"C2I1A1\"").replace(GUID, ""), "no id"),
        ] {
            let error = parse(&text).unwrap_err();
            assert!(error.text().ja.contains(said), "{text}: {error}");
        }
    }
}
