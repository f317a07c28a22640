//! 表示を読む. Markings typed by people: in a margin, in brackets, at the head of a document, in front of a file name.

use super::rules::{Rules, fold};
use crate::label::{FileNameMark, GradeLine, Grades, Restriction, Restrictions, Scan};
use crate::passage::{Part, Passage, Spot, Unit};
use crate::time::Timestamp;

/// Longest line that is taken for a marking, in characters.
const LONGEST: usize = 80;
/// Longest piece that is taken for a word of a marking, in characters, with what stands around it.
const LONGEST_WORD: usize = 32;
/// Passages at the head of a document, and of a page, where markings stand.
const HEAD: usize = 12;
const HEAD_OF_PAGE: usize = 3;

/// What a line says.
#[derive(Debug)]
pub(super) enum Mark {
    /// 格付・取扱制限.
    Grade(GradeLine),
    /// A word of a detector.
    Word(usize),
    /// Of another regime.
    OutOfScope(String),
}

/// A marking, where, and how sure that it is one, in percent.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) mark: Mark,
    pub(super) spot: Spot,
    pub(super) offset: usize,
    pub(super) written: String,
    pub(super) confidence: u8,
}

/// Follows where in the document passages stand.
#[derive(Debug)]
pub(super) struct Reader {
    /// Dates without a year are the next after this.
    reference: Timestamp,
    within: Vec<String>,
    unit: Option<Unit>,
    since_file: usize,
    since_unit: usize,
}

impl Reader {
    pub(super) const fn new(reference: Timestamp) -> Self {
        Self { reference, within: Vec::new(), unit: None, since_file: 0, since_unit: 0 }
    }

    /// The markings of a passage.
    pub(super) fn read(&mut self, passage: &Passage, rules: &Rules) -> Vec<Found> {
        let head = self.step(&passage.spot);
        if !rules.signs.is_match(&passage.text) {
            return Vec::new();
        }
        let mut found = Vec::new();
        let mut offset = 0;
        for line in passage.text.split('\n') {
            let length = line.chars().count();
            if passage.spot.part == Part::FileName {
                file_name(line, rules, self.reference, &mut |mark, written| {
                    found.push(at(passage, mark, offset, written, 95))
                });
            } else if length <= LONGEST * 4 {
                let margin = matches!(passage.spot.part, Part::Header | Part::Footer | Part::Shape);
                for (piece, bracketed, skipped) in pieces(line) {
                    let sure = if margin || head {
                        95
                    } else if bracketed {
                        85
                    } else {
                        60
                    };
                    for (mark, written) in read_pieces(piece, rules, self.reference, bracketed || margin) {
                        found.push(at(passage, mark, offset + skipped, written, sure));
                    }
                }
            }
            offset += length + 1;
        }
        found
    }

    /// Whether the passage stands at a head.
    fn step(&mut self, spot: &Spot) -> bool {
        if self.within != spot.within {
            *self = Self { within: spot.within.clone(), ..Self::new(self.reference) };
        }
        let page = match &spot.unit {
            Unit::Page(_) | Unit::Slide(_) => Some(spot.unit.clone()),
            Unit::Cell { sheet, .. } => Some(Unit::Cell { sheet: sheet.clone(), cell: String::new() }),
            _ => None,
        };
        if self.unit != page {
            (self.unit, self.since_unit) = (page, 0);
        }
        if spot.part == Part::Body {
            self.since_file += 1;
            self.since_unit += 1;
        }
        self.since_file <= HEAD || self.unit.is_some() && self.since_unit <= HEAD_OF_PAGE
    }
}

fn at(passage: &Passage, mark: Mark, offset: usize, written: &str, confidence: u8) -> Found {
    let written = written.trim().chars().take(LONGEST).collect();
    Found { mark, spot: passage.spot.clone(), offset, written, confidence }
}

const BRACKETS: [(char, char); 8] =
    [('【', '】'), ('〔', '〕'), ('［', '］'), ('[', ']'), ('（', '）'), ('(', ')'), ('《', '》'), ('＜', '＞')];

/// The line itself if it is short, and what stands in brackets in it, with the characters before.
fn pieces(line: &str) -> Vec<(&str, bool, usize)> {
    let mut found = Vec::new();
    let whole = line.trim();
    let inside = |text: &str| BRACKETS.iter().any(|(open, close)| text.starts_with(*open) && text.ends_with(*close));
    if !whole.is_empty() && whole.chars().count() <= LONGEST {
        found.push((whole, inside(whole) && whole.chars().count() <= 40, 0));
    }
    let mut rest = line;
    while let Some((at, open)) = rest.char_indices().find(|(_, c)| BRACKETS.iter().any(|(open, _)| open == c)) {
        let close = BRACKETS.iter().find(|(o, _)| *o == open).map_or(open, |(_, close)| *close);
        let from = at + open.len_utf8();
        let Some(tail) = rest.get(from..) else { break };
        let Some(to) = tail.find(close) else {
            rest = tail;
            continue;
        };
        let (piece, skipped) = (tail.get(..to).unwrap_or_default(), line.len() - tail.len());
        let whole_bracket = inside(whole) && whole.matches(open).count() == 1;
        if !whole_bracket && !piece.is_empty() && piece.chars().count() <= LONGEST && found.len() < 8 {
            found.push((piece, true, line.get(..skipped).map_or(0, |before| before.chars().count())));
        }
        rest = tail.get(to..).unwrap_or_default();
    }
    found
}

/// Signs around a marking.
fn bare(folded: &str) -> &str {
    folded.trim_matches(|c: char| "【】〔〕[]()《》<>「」『』*※○●◎■□★☆-=~・:。".contains(c))
}

/// A piece as one marking; else several that stand side by side (`取扱注意　庁内限り`), where nothing else stands there.
fn read_pieces<'p>(piece: &'p str, rules: &Rules, reference: Timestamp, framed: bool) -> Vec<(Mark, &'p str)> {
    if let Some(mark) = read_piece(piece, rules, reference, framed) {
        return vec![(mark, piece)];
    }
    let parts: Vec<&str> = piece.split(is_between).filter(|part| !part.is_empty()).collect();
    if !(2..=6).contains(&parts.len()) {
        return Vec::new();
    }
    let read = |part: &&'p str| read_piece(part, rules, reference, true).map(|mark| (mark, *part));
    parts.iter().map(read).collect::<Option<Vec<_>>>().unwrap_or_default()
}

/// What stands between markings side by side.
fn is_between(c: char) -> bool {
    c.is_whitespace() || matches!(c, '・' | '／' | '/' | '、' | '，' | '｜' | '|')
}

fn read_piece(piece: &str, rules: &Rules, reference: Timestamp, framed: bool) -> Option<Mark> {
    let short = piece.chars().count() <= LONGEST_WORD;
    if !short && !may_grade(piece) {
        return None;
    }
    let folded = fold(piece);
    let word = bare(&folded);
    if word.is_empty() {
        return None;
    }
    if let Some(detector) = marking_word(word, rules) {
        return Some(Mark::Word(detector));
    }
    let mark = rules.taxonomy.out_of_scope().iter().find(|mark| {
        word.strip_prefix(mark.as_str()).is_some_and(|rest| matches!(rest, "" | "文書" | "情報" | "指定文書"))
    });
    if let Some(mark) = mark {
        return Some(Mark::OutOfScope(mark.clone()));
    }
    may_grade(&folded).then(|| read_grade(piece, rules, reference, framed)).flatten()
}

/// Signs of grades and restrictions, as far as a sentence has none of them: reading a line whole takes its time.
fn may_grade(piece: &str) -> bool {
    const SIGNS: [&str; 16] =
        ["機", "完", "可", "禁", "許可", "限", "廃棄", "必須", "要", "秘", "不可", "保存", "復旧", "i1", "i2", "I"];
    !piece.contains('。') && SIGNS.iter().any(|sign| piece.contains(sign))
}

fn marking_word(word: &str, rules: &Rules) -> Option<usize> {
    if let Some(detector) = rules.markings.get(word) {
        return Some(*detector);
    }
    let short = word.chars().count() <= 20 && word.chars().any(|c| c.is_ascii_digit());
    let ends = |ending: &String| word.ends_with(fold(ending).as_str());
    let rules = rules.taxonomy.detectors().iter();
    rules.enumerate().find(|(_, r)| short && r.scan == Scan::Marking && r.endings.iter().any(ends)).map(|(at, _)| at)
}

/// A line of grades and restrictions: nothing in it that is not known.
fn read_grade(piece: &str, rules: &Rules, reference: Timestamp, framed: bool) -> Option<Mark> {
    let line = GradeLine::parse(piece, &rules.taxonomy, reference).ok()?;
    let level = line.confidentiality.is_some() || line.integrity.is_some() || line.availability.is_some();
    let known = line.restrictions.iter().all(|r| !matches!(r, Restriction::Unknown(_)));
    let stands = level
        || line.secret_mark.is_some()
        || (!line.restrictions.is_empty() && (framed || is_terse(piece, &line.restrictions)));
    (known && stands).then_some(Mark::Grade(line))
}

/// Restrictions with no level stand as a marking only where the line holds nothing else and no verb.
fn is_terse(piece: &str, restrictions: &Restrictions) -> bool {
    piece.chars().count() <= 12 * restrictions.len() && !piece.contains(['。', 'は', 'を', 'が'])
}

/// Marks in a file name: in front as grades, anywhere as words between separators.
fn file_name(name: &str, rules: &Rules, reference: Timestamp, found: &mut dyn FnMut(Mark, &str)) {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    if let Some(mark) = FileNameMark::read(name, &rules.taxonomy) {
        let written = name.strip_suffix(mark.rest).unwrap_or(name);
        found(Mark::Grade(mark.line), written);
    }
    let parts = stem.split(|c: char| "_＿ 　-【】（）()[]［］〔〕・".contains(c)).filter(|part| !part.is_empty());
    for part in parts.take(32) {
        let folded = fold(part);
        if let Some(detector) = marking_word(&folded, rules) {
            found(Mark::Word(detector), part);
        } else if rules.taxonomy.out_of_scope().contains(&folded) {
            found(Mark::OutOfScope(folded), part);
        } else if let Ok(grades) = part.parse::<Grades>() {
            let line = GradeLine {
                confidentiality: Some(grades.c),
                integrity: Some(grades.i),
                availability: Some(grades.a),
                ..GradeLine::default()
            };
            found(Mark::Grade(line), part);
        } else if let Some(mark @ Mark::Grade(_)) = read_grade(part, rules, reference, true) {
            found(mark, part);
        }
    }
}
