//! Reading restrictions as agencies write them: either width, several spellings, dates with or without year.
//!
//! What is known but cannot be read is an error and denies; what is not known is kept verbatim.

use core::num::NonZeroU32;

use super::day::Day;
use super::marking::MAX_LINE;
use super::print::UNITS;
use super::restriction::{AgencyRestriction, Restriction, RestrictionError, Rule, Terms, is_list_sign};
use super::taxonomy::{Form, Taxonomy};
use super::verb::{EncryptScope, Mode, Verb};
use super::width;
use super::words::{Name, Verbatim, Words};
use crate::time::Timestamp;

/// What one reading came to.
enum Reading {
    Rule(Verb, Mode, Terms),
    Own(AgencyRestriction),
    /// Known by its end, unreadable in what stands before it.
    Broken,
    None,
}

impl Restriction {
    /// Reads one restriction. A date without a year means the next such date on or after `reference`.
    ///
    /// # Errors
    /// [`RestrictionError`] when it is of a known kind and cannot be read, or there is more than one.
    pub fn parse(text: &str, taxonomy: &Taxonomy, reference: Timestamp) -> Result<Self, RestrictionError> {
        let unreadable = || RestrictionError::Unreadable(text.chars().take(120).collect());
        // A list of names may be long; what is kept as written has to fit on a cover.
        Words::<MAX_LINE>::new(text).map_err(|_| unreadable())?;
        let verbatim = || Verbatim::new(text).map_err(|_| unreadable());
        let folded = width::fold(text);
        let folded = folded.trim_end_matches(['。', '.']);
        let (period, rest) = match split_period(folded, Day::at(reference)) {
            Some(split) => split,
            None if ends_known(folded, taxonomy) => return Err(unreadable()),
            None if !width::is_balanced(folded) => return Err(RestrictionError::Brackets(verbatim()?.to_string())),
            None => return Ok(Self::Unknown(verbatim()?)),
        };
        match read(rest, taxonomy) {
            Reading::Rule(verb, mode, terms) => {
                let terms = Terms { from: period.from, until: period.until, ..terms };
                Ok(Self::Known(Rule::new(verb, mode, terms)?))
            }
            Reading::Own(own) if period.is_none() => Ok(Self::Agency(own)),
            Reading::Own(_) | Reading::Broken => Err(unreadable()),
            Reading::None if !width::is_balanced(folded) => Err(RestrictionError::Brackets(verbatim()?.to_string())),
            Reading::None if width::is_list(folded) => Err(RestrictionError::Several(verbatim()?.to_string())),
            Reading::None => Ok(Self::Unknown(verbatim()?)),
        }
    }
}

/// From when until when.
struct Period {
    from: Option<Day>,
    until: Option<Day>,
}

impl Period {
    const fn is_none(&self) -> bool {
        self.from.is_none() && self.until.is_none()
    }
}

/// Takes dates off the front: `…から`, `…以降`, `…まで`. None when something stands there that is no date.
fn split_period(text: &str, reference: Day) -> Option<(Period, &str)> {
    let (from_text, rest) = ["から", "以降", "より"]
        .into_iter()
        .find_map(|word| text.split_once(word))
        .map_or((None, text), |(head, tail)| (Some(head), tail.strip_prefix(['、', ',', 'は']).unwrap_or(tail)));
    let (until_text, rest) = match rest.split_once("まで") {
        // An event, not a date: ○○まで保存 reads it itself.
        Some((head, tail)) if tail.starts_with("保存") && Day::parse(head, reference).is_err() && !has_number(head) => {
            (None, rest)
        }
        Some((head, tail)) => {
            let after = ["の間は", "の間", "は", "、", ","].into_iter().find_map(|word| tail.strip_prefix(word));
            (Some(head), after.unwrap_or(tail))
        }
        None => (None, rest),
    };
    let until = until_text.map(|t| Day::parse(t, reference)).transpose().ok()?;
    let from = from_text.map(|t| Day::parse(t, reference)).transpose().ok()?;
    Some((Period { from: earlier_year(from, from_text, until, reference), until }, rest))
}

/// `3月1日から12月31日まで`, read in June, began last March.
fn earlier_year(from: Option<Day>, text: Option<&str>, until: Option<Day>, reference: Day) -> Option<Day> {
    match (from, until) {
        (Some(f), Some(u)) if f > u => {
            let year_before = reference.plus_years(-1).and_then(|r| Day::parse(text?, r).ok());
            Some(year_before.filter(|b| *b <= u).unwrap_or(f))
        }
        _ => from,
    }
}

/// Whether the text ends in a known form, so that what stands before it must be readable.
fn ends_known(text: &str, taxonomy: &Taxonomy) -> bool {
    taxonomy.rule_forms().any(|form| text.ends_with(form))
}

fn has_number(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit())
}

fn read(text: &str, taxonomy: &Taxonomy) -> Reading {
    match taxonomy.form(text) {
        Some(Form::Rule(verb, mode)) => {
            return match verb {
                Verb::Audience | Verb::Recover | Verb::KeepAt => Reading::Broken,
                _ => Reading::Rule(*verb, *mode, Terms::default()),
            };
        }
        Some(Form::Own(index)) => {
            return taxonomy.own_rows().get(*index).map_or(Reading::None, |row| {
                let (id, printed) = (row.id.clone(), row.printed.clone());
                Reading::Own(AgencyRestriction { id, axis: row.axis, printed })
            });
        }
        None => {}
    }
    let readers: [fn(&str, &Taxonomy) -> Reading; 7] =
        [read_count, read_scope, read_zone, read_duration, read_event, read_place, read_audience];
    for reader in readers {
        match reader(text, taxonomy) {
            Reading::None => {}
            found => return found,
        }
    }
    // 第3会議室印刷禁止, 2部複製禁止: a known form with a number in front that nothing above has read.
    if taxonomy.rule_forms().any(|form| text.strip_suffix(form).is_some_and(has_number)) {
        return Reading::Broken;
    }
    Reading::None
}

/// 読後廃棄(3回), 3回読後廃棄.
fn read_count(text: &str, taxonomy: &Taxonomy) -> Reading {
    for (form, mode) in taxonomy.forms_of(Verb::ReadOnce) {
        let inside = text
            .strip_prefix(form)
            .and_then(|rest| rest.strip_prefix('(')?.strip_suffix(')'))
            .or_else(|| text.strip_suffix(form));
        let Some(inside) = inside else { continue };
        let number = inside.strip_suffix("まで").unwrap_or(inside);
        let number = number.strip_suffix('回').and_then(width::number).and_then(NonZeroU32::new);
        return number.map_or(Reading::Broken, |count| {
            Reading::Rule(Verb::ReadOnce, mode, Terms { count: Some(count), ..Terms::default() })
        });
    }
    Reading::None
}

/// 暗号化必須(保存時・通信時), 保存時暗号化必須.
fn read_scope(text: &str, taxonomy: &Taxonomy) -> Reading {
    for (form, mode) in taxonomy.forms_of(Verb::Encrypt) {
        let inside = text
            .strip_prefix(form)
            .and_then(|rest| rest.strip_prefix('(')?.strip_suffix(')'))
            .or_else(|| text.strip_suffix(form).map(|head| head.strip_suffix('の').unwrap_or(head)));
        let Some(inside) = inside else { continue };
        let words: Vec<Option<EncryptScope>> = split_names(inside).into_iter().map(scope_of).collect();
        let has = |scope| words.contains(&Some(scope));
        let scope = match (has(EncryptScope::AtRest), has(EncryptScope::InTransit)) {
            _ if words.contains(&None) => return Reading::Broken,
            (true, true) => EncryptScope::Always,
            (true, false) => EncryptScope::AtRest,
            (false, _) => EncryptScope::InTransit,
        };
        return Reading::Rule(Verb::Encrypt, mode, Terms { scope: Some(scope), ..Terms::default() });
    }
    Reading::None
}

fn scope_of(word: &str) -> Option<EncryptScope> {
    match word {
        "保存時" | "保管時" => Some(EncryptScope::AtRest),
        "通信時" | "送信時" | "伝送時" => Some(EncryptScope::InTransit),
        _ => None,
    }
}

/// 庁外持出禁止, 庁外への持出禁止; 要管理対策区域外持出禁止 is the plain form.
fn read_zone(text: &str, taxonomy: &Taxonomy) -> Reading {
    for (form, mode) in taxonomy.forms_of(Verb::TakeOut) {
        let Some(head) = text.strip_suffix(form) else { continue };
        let zone = ["外への", "外へ", "外に", "外"].into_iter().find_map(|word| head.strip_suffix(word));
        return match zone {
            Some("要管理対策区域" | "区域") => Reading::Rule(Verb::TakeOut, mode, Terms::default()),
            Some(zone) => with_name(zone, |zone| {
                Reading::Rule(Verb::TakeOut, mode, Terms { zone: Some(zone), ..Terms::default() })
            }),
            None => Reading::None,
        };
    }
    Reading::None
}

/// 3日以内復旧.
fn read_duration(text: &str, taxonomy: &Taxonomy) -> Reading {
    for (form, mode) in taxonomy.forms_of(Verb::Recover) {
        let Some(duration) = text.strip_suffix(form) else { continue };
        return seconds(duration).map_or(Reading::Broken, |within| {
            Reading::Rule(Verb::Recover, mode, Terms { within: Some(within), ..Terms::default() })
        });
    }
    Reading::None
}

/// A duration in one unit; months and years have no fixed length and are not read.
fn seconds(text: &str) -> Option<NonZeroU32> {
    let units = UNITS.into_iter().chain([("週間", 7 * 86_400), ("日間", 86_400)]);
    let (number, size) =
        units.filter_map(|(unit, size)| Some((text.strip_suffix(unit)?, size))).min_by_key(|(n, _)| n.len())?;
    NonZeroU32::new(width::number(number)?.checked_mul(size)?)
}

/// 事業終了まで保存.
fn read_event(text: &str, taxonomy: &Taxonomy) -> Reading {
    for (form, mode) in taxonomy.forms_of(Verb::Retain) {
        let Some(head) = text.strip_suffix(form) else { continue };
        if let Some(event) = head.strip_suffix("まで") {
            return with_name(event, |event| {
                Reading::Rule(Verb::Retain, mode, Terms { event: Some(event), ..Terms::default() })
            });
        }
        // 5年保存: from when is not said.
        if has_number(head) && head.ends_with(['年', '間', '月', '日']) {
            return Reading::Broken;
        }
    }
    Reading::None
}

/// 本庁サーバにおいて保存.
fn read_place(text: &str, taxonomy: &Taxonomy) -> Reading {
    for (form, mode) in taxonomy.forms_of(Verb::KeepAt) {
        let Some(place) = text.strip_suffix(form) else { continue };
        return with_name(place, |place| {
            Reading::Rule(Verb::KeepAt, mode, Terms { place: Some(place), ..Terms::default() })
        });
    }
    Reading::None
}

/// 総務課限り, 総務課及び会計課限り.
fn read_audience(text: &str, taxonomy: &Taxonomy) -> Reading {
    for (form, mode) in taxonomy.forms_of(Verb::Audience) {
        let Some(head) = text.strip_suffix(form) else { continue };
        let names: Option<Vec<Name>> = split_names(head).into_iter().map(group).collect();
        return names.map_or(Reading::Broken, |audience| {
            Reading::Rule(Verb::Audience, mode, Terms { audience, ..Terms::default() })
        });
    }
    Reading::None
}

/// A name of people: not a date, a day or a count (本日限り, 3月末限り, 1回限り).
fn group(text: &str) -> Option<Name> {
    let counted = has_number(text)
        && text.ends_with(['回', '部', '日', '月', '年', '度', '末', '時', '分', '枚'])
        && !text.starts_with('第');
    let day = ["本日", "当日", "今回", "今月", "今年", "今年度", "本年度", "一回"].contains(&text);
    if counted || day { None } else { Name::new(text).ok() }
}

fn with_name(text: &str, then: impl FnOnce(Name) -> Reading) -> Reading {
    Name::new(text).map_or(Reading::Broken, then)
}

/// 総務課、会計課及び人事課.
fn split_names(text: &str) -> Vec<&str> {
    let mut names = vec![text];
    for word in ["及び", "並びに", "又は", "および", "または"] {
        names = names.into_iter().flat_map(|name| name.split(word)).collect();
    }
    names.into_iter().flat_map(|name| name.split(is_list_sign)).collect()
}
