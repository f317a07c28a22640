//! 検出の規則. What is looked for in a document and what it asks for. An agency adds rules and words; it takes none away.

use serde::Deserialize;

use super::check::{TaxonomyError, fault};
use super::extend::Weaker;
use crate::code::Text;

/// How something is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scan {
    /// 語. The words themselves.
    Words,
    /// 表示. Words, where a marking stands.
    Marking,
    /// 個人番号, with its check digit.
    IndividualNumber,
    /// 法人番号, with its check digit.
    CorporateNumber,
    /// 運転免許証番号, with its check digit.
    DrivingLicence,
    /// 旅券番号: two letters and seven digits.
    Passport,
    /// 口座番号: seven digits.
    BankAccount,
    /// クレジットカード番号 (Luhn).
    CreditCard,
    /// 電話番号.
    Phone,
    /// 電子メールアドレス.
    Email,
    /// 住所: a place of `words`, then a street and a number.
    Address,
    /// 氏名: a family name of `words`, a word of `after` behind it or one of `near` before it.
    PersonName,
}

/// A row as it is written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct DetectorRow {
    pub id: String,
    pub name: Option<Text>,
    pub scan: Option<Scan>,
    #[serde(default)]
    pub words: Vec<String>,
    #[serde(default)]
    pub endings: Vec<String>,
    #[serde(default)]
    pub after: Vec<String>,
    #[serde(default)]
    pub near: Vec<String>,
    #[serde(default)]
    pub headings: Vec<String>,
    pub window: Option<usize>,
    pub alone: Option<u8>,
    pub sure: Option<u8>,
    pub least: Option<u32>,
    pub confidentiality: Option<u8>,
    pub integrity: Option<u8>,
    pub availability: Option<u8>,
    pub exemption: Option<u8>,
    #[serde(default)]
    pub restrictions: Vec<String>,
    #[serde(default)]
    pub is_public: bool,
    pub reason: Option<Text>,
}

/// 検出の規則, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detector {
    /// Its id.
    pub id: String,
    /// What it finds.
    pub name: Text,
    /// How it looks.
    pub scan: Scan,
    /// Words, as written in the file.
    pub words: Vec<String>,
    /// Ends of markings whose beginning varies.
    pub endings: Vec<String>,
    /// Words directly behind a name.
    pub after: Vec<String>,
    /// Words that make a finding sure when they stand near it.
    pub near: Vec<String>,
    /// Headings of columns in which every name is a finding, known or not.
    pub headings: Vec<String>,
    /// How near, in characters.
    pub window: usize,
    /// Confidence without such a word, in percent; 0: then it is no finding.
    pub alone: u8,
    /// Confidence with such a word, in percent.
    pub sure: u8,
    /// How many different findings it takes to ask for anything.
    pub least: u32,
    /// 機密性 asked for.
    pub confidentiality: u8,
    /// 完全性 asked for.
    pub integrity: u8,
    /// 可用性 asked for.
    pub availability: u8,
    /// 情報公開法第５条の号.
    pub exemption: Option<u8>,
    /// 取扱制限 proposed with it.
    pub restrictions: Vec<String>,
    /// Whether it says that the document is meant for the public.
    pub is_public: bool,
    /// Why it asks for that.
    pub reason: Text,
}

/// Most words of all detectors together, in one row.
const MAX_WORDS: usize = 50_000;
/// Longest word, in characters.
const MAX_WORD: usize = 60;
/// Widest window, in characters: what is kept in memory around a finding.
const MAX_WINDOW: usize = 300;

/// Adds a row, or what a row adds to one that is there.
pub(super) fn add(detectors: &mut Vec<Detector>, row: &DetectorRow) -> Result<(), TaxonomyError> {
    let named = || format!("detectors {}", row.id);
    let before = detectors.iter().position(|known| known.id == row.id);
    let old = before.and_then(|at| detectors.get(at));
    let missing = || fault(named(), "says no name or reason");
    let join = |old: Option<&Vec<String>>, new: &[String]| {
        let mut words = old.cloned().unwrap_or_default();
        words.extend(new.iter().filter(|word| !word.trim().is_empty()).cloned());
        words
    };
    let made = Detector {
        id: row.id.clone(),
        name: row.name.clone().or(old.map(|o| o.name.clone())).ok_or_else(missing)?,
        scan: row.scan.or(old.map(|o| o.scan)).unwrap_or(Scan::Words),
        words: join(old.map(|o| &o.words), &row.words),
        endings: join(old.map(|o| &o.endings), &row.endings),
        after: join(old.map(|o| &o.after), &row.after),
        near: join(old.map(|o| &o.near), &row.near),
        headings: join(old.map(|o| &o.headings), &row.headings),
        window: row.window.or(old.map(|o| o.window)).unwrap_or(MAX_WINDOW),
        alone: row.alone.or(old.map(|o| o.alone)).unwrap_or(0),
        sure: row.sure.or(old.map(|o| o.sure)).unwrap_or(85),
        least: row.least.or(old.map(|o| o.least)).unwrap_or(1),
        confidentiality: row.confidentiality.or(old.map(|o| o.confidentiality)).unwrap_or(1),
        integrity: row.integrity.or(old.map(|o| o.integrity)).unwrap_or(1),
        availability: row.availability.or(old.map(|o| o.availability)).unwrap_or(1),
        exemption: row.exemption.or(old.and_then(|o| o.exemption)),
        restrictions: join(old.map(|o| &o.restrictions), &row.restrictions),
        is_public: row.is_public || old.is_some_and(|o| o.is_public),
        reason: row.reason.clone().or(old.map(|o| o.reason.clone())).ok_or_else(missing)?,
    };
    check(&made).map_err(|why| fault(named(), why))?;
    match before.and_then(|at| detectors.get_mut(at)) {
        Some(slot) => *slot = made,
        None => detectors.push(made),
    }
    Ok(())
}

fn check(row: &Detector) -> Result<(), &'static str> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let all = || row.words.iter().chain(&row.near).chain(&row.after).chain(&row.endings).chain(&row.headings);
    if row.id.is_empty() || !row.id.chars().all(plain) {
        return Err("the id is of a-z 0-9 -");
    }
    if row.sure > 100 || row.alone > row.sure {
        return Err("confidence is 0 to 100, without a word near no more than with one");
    }
    if row.least == 0 || row.window > MAX_WINDOW {
        return Err("at least one finding, a window of at most 300 characters");
    }
    if !(1..=3).contains(&row.confidentiality)
        || !(1..=2).contains(&row.integrity)
        || !(1..=2).contains(&row.availability)
    {
        return Err("no such level");
    }
    if row.exemption.is_some_and(|item| !(1..=6).contains(&item)) {
        return Err("no such item of article 5");
    }
    if all().count() > MAX_WORDS || all().any(|word| word.chars().count() > MAX_WORD) {
        return Err("too many words, or one that is too long");
    }
    let needs_words = matches!(row.scan, Scan::Words | Scan::Marking | Scan::Address | Scan::PersonName);
    if needs_words && row.words.is_empty() && row.endings.is_empty() {
        return Err("has no words");
    }
    Ok(())
}

/// What is weaker about a row of an extension: less asked for, less seen, or a way to a lower grade.
pub(super) fn weaker(row: &DetectorRow, base: &[Detector]) -> Option<Weaker> {
    let named = format!("detectors {}", row.id);
    let Some(known) = base.iter().find(|known| known.id == row.id) else {
        return row.is_public.then(|| {
            Weaker::of(named, "低い格付を提案する規則は加えられません", "a rule that proposes a lower grade")
        });
    };
    let lower = |new: Option<u8>, old: u8| new.is_some_and(|new| new < old);
    let changed = row.scan.is_some_and(|scan| scan != known.scan)
        || row.exemption.is_some_and(|item| Some(item) != known.exemption)
        || lower(row.alone, known.alone)
        || lower(row.sure, known.sure)
        || lower(row.confidentiality, known.confidentiality)
        || lower(row.integrity, known.integrity)
        || lower(row.availability, known.availability)
        || row.least.is_some_and(|least| least > known.least)
        || row.window.is_some_and(|window| window < known.window)
        || known.is_public;
    changed.then(|| Weaker::of(named, "基の規則より見つけにくくなっています", "finds or asks for less than the base's"))
}
