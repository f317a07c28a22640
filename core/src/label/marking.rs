//! 明示. The line agencies print at the head of a document, the code form, the prefix of a file name, the mark on paper: printed and read.

use std::collections::VecDeque;

use super::decided::SecretClass;
use super::document::Label;
use super::grades::Grades;
use super::level::{Availability, Axis, Confidentiality, Integrity};
use super::restriction::{Restriction, RestrictionError};
use super::set::Restrictions;
use super::taxonomy::Taxonomy;
use super::width;
use super::words::Name;
use crate::code::Text;
use crate::time::Timestamp;

/// Longest line that is read, in characters.
pub const MAX_LINE: usize = 4_000;

/// A line that cannot be read as 格付・取扱制限.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GradeLineError {
    /// Longer than [`MAX_LINE`].
    #[error("the line is longer than {MAX_LINE} characters")]
    TooLong,
    /// Two levels on one axis.
    #[error("two different levels of {0:?}")]
    Contradiction(Axis),
    /// A level the axis does not have.
    #[error("no such level: {0}")]
    NoSuchLevel(String),
    /// A mark of another regime (特定秘密 …): out of scope, refused.
    #[error("{0} is out of scope")]
    OutOfScope(String),
    /// A restriction that cannot be read.
    #[error(transparent)]
    Restriction(#[from] RestrictionError),
}

impl GradeLineError {
    /// What happened and what to do.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::TooLong => Text::fixed("格付・取扱制限の記載が長すぎます。", "The line is too long."),
            Self::Contradiction(axis) => Text::new(
                format!("{}の格付が二通り記載されています。一つにしてください。", axis.text().ja),
                format!("Two different levels of {}. Give one.", axis.text().en),
            ),
            Self::NoSuchLevel(level) => {
                Text::new(format!("「{level}」という格付はありません。"), format!("There is no level \"{level}\"."))
            }
            Self::OutOfScope(mark) => Text::new(
                format!("「{mark}」はこのシステムの対象外です。所管の規程に従ってください。"),
                format!("{mark} is outside this system. Follow the rules made for it."),
            ),
            Self::Restriction(error) => error.text(),
        }
    }
}

/// What a line of 格付・取扱制限 says; it may say less than a label needs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GradeLine {
    /// 機密性, if it is there.
    pub confidentiality: Option<Confidentiality>,
    /// 完全性, if it is there.
    pub integrity: Option<Integrity>,
    /// 可用性, if it is there.
    pub availability: Option<Availability>,
    /// 機密性 in the taxonomy's own scheme, as printed, if it was given so.
    pub own_level: Option<Name>,
    /// 取扱制限.
    pub restrictions: Restrictions,
    /// A bare 秘 or 極秘 stands there: to be asked about, nothing follows from it by itself.
    pub secret_mark: Option<SecretClass>,
}

impl GradeLine {
    /// Reads a line: either width, levels and restrictions in any order, the code form, brackets around.
    /// A date without a year means the next such date on or after `reference`.
    ///
    /// # Errors
    /// [`GradeLineError`]; missing levels are no error, see [`GradeLine::missing`].
    pub fn parse(text: &str, taxonomy: &Taxonomy, reference: Timestamp) -> Result<Self, GradeLineError> {
        if text.chars().count() > MAX_LINE {
            return Err(GradeLineError::TooLong);
        }
        let mut line = Self::default();
        let mut restrictions = Vec::new();
        let mut pieces: VecDeque<String> = split_list(text, taxonomy, reference).into();
        while let Some(piece) = pieces.pop_front() {
            let rest = line.take_levels(&piece, taxonomy)?;
            if rest.is_empty() {
                continue;
            }
            // Without its level and brackets it may be a list itself: 機密性２情報（複製禁止・総務課限り）.
            if rest != width::fold(&piece) {
                for (at, part) in split_list(&rest, taxonomy, reference).into_iter().enumerate() {
                    pieces.insert(at, part);
                }
                continue;
            }
            if let Some(mark) = taxonomy.out_of_scope().iter().find(|mark| rest.contains(mark.as_str())) {
                return Err(GradeLineError::OutOfScope(mark.clone()));
            }
            match rest.as_str() {
                "秘" | "秘文書" if taxonomy.ask_about().contains(&"秘".to_owned()) => {
                    line.secret_mark = line.secret_mark.max(Some(SecretClass::Secret));
                }
                "極秘" | "極秘文書" if taxonomy.ask_about().contains(&"極秘".to_owned()) => {
                    line.secret_mark = Some(SecretClass::TopSecret);
                }
                _ => restrictions.push(Restriction::parse(&piece, taxonomy, reference)?),
            }
        }
        line.restrictions = restrictions.into_iter().collect();
        Ok(line)
    }

    /// The axes it says nothing of.
    #[must_use]
    pub fn missing(&self) -> Vec<Axis> {
        let there = [self.confidentiality.is_some(), self.integrity.is_some(), self.availability.is_some()];
        Axis::ALL.into_iter().zip(there).filter_map(|(axis, there)| (!there).then_some(axis)).collect()
    }

    /// The grades, if all three are there.
    #[must_use]
    pub fn grades(&self) -> Option<Grades> {
        Some(Grades::new(self.confidentiality?, self.integrity?, self.availability?))
    }

    /// Takes the levels off the front of a piece; gives back what is left, folded.
    fn take_levels(&mut self, piece: &str, taxonomy: &Taxonomy) -> Result<String, GradeLineError> {
        let folded = width::fold(piece);
        let bare = folded.trim_matches(['【', '】', '「', '」', '『', '』', '<', '>', '《', '》']);
        let bare = bare.strip_prefix("格付").unwrap_or(bare);
        let bare = bare.strip_prefix("取扱制限").unwrap_or(bare);
        let mut rest = bare.trim_start_matches([':', '】', '(']);
        if let Ok(grades) = rest.parse::<Grades>() {
            self.set(Axis::Confidentiality, grades.level(Axis::Confidentiality))?;
            self.set(Axis::Integrity, grades.level(Axis::Integrity))?;
            self.set(Axis::Availability, grades.level(Axis::Availability))?;
            return Ok(String::new());
        }
        let mut taken = false;
        while let Some((axis, number, own, after)) = level_in_front(rest, taxonomy)? {
            self.set(axis, number)?;
            if axis == Axis::Confidentiality && own.is_some() {
                self.own_level = own;
            }
            taken = true;
            rest = after.trim_start_matches(['・', '、', ',', '】', '【']);
        }
        if taken {
            rest = rest.trim_start_matches(')');
            return Ok(rest.to_owned());
        }
        // Brackets around a restriction belong to the marking, not to it; those inside stay.
        Ok(width::bare(bare.trim_start_matches([':', '】'])).to_owned())
    }

    fn set(&mut self, axis: Axis, number: u8) -> Result<(), GradeLineError> {
        let none = || GradeLineError::NoSuchLevel(format!("{}{number}", axis.text().ja));
        let same = match axis {
            Axis::Confidentiality => {
                put(&mut self.confidentiality, Confidentiality::from_level(number).ok_or_else(none)?)
            }
            Axis::Integrity => put(&mut self.integrity, Integrity::from_level(number).ok_or_else(none)?),
            Axis::Availability => put(&mut self.availability, Availability::from_level(number).ok_or_else(none)?),
        };
        if same { Ok(()) } else { Err(GradeLineError::Contradiction(axis)) }
    }
}

/// Puts a level; false when another one is there.
fn put<T: PartialEq + Copy>(slot: &mut Option<T>, level: T) -> bool {
    *slot.get_or_insert(level) == level
}

type Found<'a> = Option<(Axis, u8, Option<Name>, &'a str)>;

/// A level at the front of folded text: 機密性2情報, 機密性:2, 機2, 自治体機密性3A情報.
fn level_in_front<'a>(text: &'a str, taxonomy: &Taxonomy) -> Result<Found<'a>, GradeLineError> {
    let after = |rest: &'a str| rest.strip_prefix("情報").unwrap_or(rest);
    let own = Axis::ALL.into_iter().flat_map(|axis| taxonomy.levels(axis)).find_map(|level| {
        let rest = text.strip_prefix(width::fold(level.printed.as_str()).as_str())?;
        (!rest.starts_with(|c: char| c.is_ascii_alphanumeric())).then_some((level, after(rest)))
    });
    if let Some((level, rest)) = own {
        let plain = level.printed.as_str().starts_with(level.axis.text().ja.as_ref());
        let own = (!plain).then(|| level.printed.clone());
        return Ok(Some((level.axis, level.maps_to, own, rest)));
    }
    for (axis, words) in [
        (Axis::Confidentiality, ["機密性", "機"]),
        (Axis::Integrity, ["完全性", "完"]),
        (Axis::Availability, ["可用性", "可"]),
    ] {
        for word in words {
            let Some(rest) = text.strip_prefix(word) else { continue };
            let rest = rest.strip_prefix("の格付").unwrap_or(rest).trim_start_matches(':');
            let Some(sign) = rest.chars().next().filter(|c| width::number(&c.to_string()).is_some()) else { continue };
            let number = width::number(&sign.to_string()).and_then(|n| u8::try_from(n).ok());
            let rest = rest.get(sign.len_utf8()..).unwrap_or_default();
            if rest.starts_with(|c: char| c.is_ascii_alphanumeric()) {
                return Err(GradeLineError::NoSuchLevel(text.chars().take(8).collect()));
            }
            let number = number.ok_or_else(|| GradeLineError::NoSuchLevel(text.chars().take(8).collect()))?;
            return Ok(Some((axis, number, None, after(rest))));
        }
    }
    Ok(None)
}

/// The pieces of a line. Middle dots, commas and spaces separate, but not inside brackets, nor the names of one ○○限り.
fn split_list(text: &str, taxonomy: &Taxonomy, reference: Timestamp) -> Vec<String> {
    let mut pieces: Vec<(char, String)> = vec![(' ', String::new())];
    let mut depth = 0_usize;
    for c in text.chars() {
        let (before, after) = (depth, width::depth_after(c, depth));
        depth = after;
        // （複製禁止）（総務課限り）: one bracket behind another.
        if before == 0 && after > 0 && pieces.last().is_some_and(|(_, piece)| is_bracketed(piece)) {
            pieces.push((' ', String::new()));
        }
        let sign = if c.is_whitespace() { Some(' ') } else { separator(c) };
        match sign {
            Some(sign) if depth == 0 => pieces.push((sign, String::new())),
            _ => {
                if let Some((_, piece)) = pieces.last_mut() {
                    piece.push(c);
                }
            }
        }
    }
    pieces.retain(|(_, piece)| !piece.trim().is_empty());
    glue(pieces, taxonomy, reference)
}

/// Whether a piece begins and ends with a bracket.
fn is_bracketed(piece: &str) -> bool {
    let folded = width::fold(piece);
    folded.starts_with('(') && folded.ends_with(')')
}

fn separator(c: char) -> Option<char> {
    width::fold(&c.to_string()).chars().next().filter(|c| matches!(c, '・' | '、' | ',' | ';'))
}

/// Puts together what belongs to one restriction: 総務課、会計課及び人事課限り; 総務課・会計課限り; 令和8年 12月31日まで 複製禁止.
fn glue(pieces: Vec<(char, String)>, taxonomy: &Taxonomy, reference: Timestamp) -> Vec<String> {
    let mut whole: Vec<(char, String)> = Vec::new();
    for (sign, mut piece) in pieces {
        let mut sign = sign;
        while let Some((before, left)) = whole.last() {
            let folded = width::fold(left);
            let readable = is_readable(left, taxonomy, reference);
            let joins = match sign {
                ' ' => !readable && ends_open(&folded),
                '、' | ',' if is_audience(&piece) && names_several(&piece) => !readable,
                _ => is_audience(&piece) && looks_like_group(&folded) && !readable,
            };
            if !joins {
                break;
            }
            let glued = if sign == ' ' { format!("{left}{piece}") } else { format!("{left}{sign}{piece}") };
            (sign, piece) = (*before, glued);
            whole.pop();
        }
        whole.push((sign, piece));
    }
    whole.into_iter().map(|(_, piece)| piece).collect()
}

/// Whether a piece says something by itself: a level, or a restriction that is known.
fn is_readable(piece: &str, taxonomy: &Taxonomy, reference: Timestamp) -> bool {
    let level = GradeLine::default().take_levels(piece, taxonomy).is_ok_and(|rest| rest != width::fold(piece));
    level || !matches!(Restriction::parse(piece, taxonomy, reference), Ok(Restriction::Unknown(_)) | Err(_))
}

/// A date or the beginning of one, after which a restriction goes on.
fn ends_open(folded: &str) -> bool {
    ["まで", "から", "以降", "年", "月", "まで、", "及び", "以内", "以内に"].iter().any(|end| folded.ends_with(end))
}

fn is_audience(piece: &str) -> bool {
    let folded = width::fold(piece);
    folded.ends_with("限り") || folded.ends_with('限')
}

fn names_several(piece: &str) -> bool {
    ["及び", "並びに", "又は", "および", "または"].iter().any(|word| piece.contains(word))
}

/// 総務課, 官房, 委員: the ends that names of units and groups have.
fn looks_like_group(folded: &str) -> bool {
    folded.ends_with(['課', '室', '部', '局', '係', '班', '省', '庁', '者', '員', '会', '長', '房', '署', '所'])
}

/// The line agencies print: `機密性２情報・完全性２情報・可用性１情報　複製禁止・総務課限り`.
#[must_use]
pub fn header_line(grades: Grades, restrictions: &Restrictions) -> String {
    with_restrictions(grades.printed(), restrictions)
}

fn with_restrictions(grades: String, restrictions: &Restrictions) -> String {
    if restrictions.is_empty() { grades } else { format!("{grades}　{restrictions}") }
}

/// 表示. What every page of a document shows of its label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The line at its top: grades, then restrictions.
    pub line: String,
    /// Words across it.
    pub watermark: Option<String>,
}

impl Label {
    /// 機密性 as printed, in the taxonomy's own scheme where it has one.
    fn printed_confidentiality(&self) -> String {
        self.own_level().map_or_else(|| self.grades().c.text().ja.into_owned(), ToString::to_string)
    }

    /// The line agencies print at the head of a document, with full-width digits.
    #[must_use]
    pub fn header_line(&self) -> String {
        let (i, a) = (self.grades().i.text(), self.grades().a.text());
        let grades = format!("{}情報・{}情報・{}情報", self.printed_confidentiality(), i.ja, a.ja);
        with_restrictions(grades, self.restrictions())
    }

    /// The code form of the grades, `C2I2A1`.
    #[must_use]
    pub fn code(&self) -> String {
        self.grades().code()
    }

    /// What every page shows, in the taxonomy's form.
    #[must_use]
    pub fn shown(&self, taxonomy: &Taxonomy) -> Shown {
        let style = taxonomy.marking();
        let printed = |axis: &Axis| match axis {
            Axis::Confidentiality => style.grade(&self.printed_confidentiality()),
            Axis::Integrity => style.grade(&self.grades().i.text().ja),
            Axis::Availability => style.grade(&self.grades().a.text().ja),
        };
        let grades: Vec<String> = style.axes().iter().map(printed).collect();
        Shown {
            line: with_restrictions(grades.join("・"), self.restrictions()),
            watermark: style.watermark(self.grades().c, &self.printed_confidentiality()),
        }
    }

    /// The prefix of a file name, `【機密性２】`.
    #[must_use]
    pub fn file_name_prefix(&self) -> String {
        format!("【{}】", self.printed_confidentiality())
    }

    /// The marking of a printout: 機密性 and the restrictions of its axis only, since paper has no other grade (1.2(1)).
    #[must_use]
    pub fn paper_marking(&self) -> String {
        let restrictions = self.restrictions().of_axis(Axis::Confidentiality);
        with_restrictions(format!("{}情報", self.printed_confidentiality()), &restrictions)
    }
}

/// A grade in front of a file name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileNameMark<'a> {
    /// What it says.
    pub line: GradeLine,
    /// The name without it.
    pub rest: &'a str,
}

impl<'a> FileNameMark<'a> {
    /// Reads 【機密性２】, 【機２】, （機密性2）, `C2I2A1_` and the like in front of a file name; None when there is none.
    #[must_use]
    pub fn read(name: &'a str, taxonomy: &Taxonomy) -> Option<Self> {
        let name = name.trim_start();
        let pairs = [('【', '】'), ('（', '）'), ('(', ')'), ('[', ']'), ('［', '］'), ('〔', '〕')];
        let bracketed = pairs.into_iter().find_map(|(open, close)| name.strip_prefix(open)?.split_once(close));
        let (inside, rest) = bracketed.or_else(|| name.split_once(['_', '＿', ' ', '　', '-']))?;
        let mut line = GradeLine::default();
        let left = line.take_levels(inside, taxonomy).ok()?;
        let known = left.is_empty() && line.missing().len() < Axis::ALL.len();
        known.then(|| Self { line, rest: rest.trim_start_matches(['_', '＿', ' ', '　', '-']) })
    }
}
