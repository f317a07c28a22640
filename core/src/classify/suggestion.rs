//! 提案. The label that follows from what was found, why it is not higher and why it is not lower.

use serde::Serialize;

use super::classifier::levels;
use super::evidence::{SURE, Seen};
use crate::code::Text;
use crate::label::{
    Availability, Axis, Confidentiality, GradeLine, Grades, Integrity, Name, Restriction, Restrictions, Taxonomy,
};
use crate::passage::Spot;

/// A marking of grades and restrictions as people typed it.
#[derive(Debug, Clone)]
pub(super) struct Marked {
    pub(super) line: GradeLine,
    pub(super) spot: Spot,
    pub(super) written: String,
    pub(super) confidence: u8,
}

/// What people marked a document with, and the restrictions that labels of other schemes stand for.
#[derive(Debug)]
pub(super) struct Marks {
    pub(super) typed: Vec<Marked>,
    pub(super) mapped: Vec<Restriction>,
}

/// 明示. A marking of people, for reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Marking {
    /// As written.
    pub written: String,
    /// Where.
    pub place: Text,
    /// How sure that it marks this document, in percent.
    pub confidence: u8,
}

/// 格付の提案. Never a decision: that is the officer's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    /// The grades proposed, as code.
    #[serde(serialize_with = "code")]
    pub grade: Grades,
    /// 機密性 in the taxonomy's own scheme, where the standard's level stands for several there: the highest of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own_level: Option<Name>,
    /// 取扱制限 proposed.
    #[serde(serialize_with = "printed")]
    pub restrictions: Restrictions,
    /// Whether all text was read. If not, that nothing was found says nothing.
    pub is_whole: bool,
    /// What could not be read, and why.
    pub unread: Vec<Unread>,
    /// Whether the grade follows from something found, and not from the default.
    pub is_founded: bool,
    /// Whether it is sure enough to be confirmed together with others.
    pub is_sure: bool,
    /// Words of other regimes: the document is not for this system.
    pub out_of_scope: Vec<String>,
    /// What people have marked it with.
    pub markings: Vec<Marking>,
    /// What was found, by detector.
    pub found: Vec<Seen>,
    /// Why not higher.
    pub why_not_higher: Vec<Text>,
    /// Why not lower.
    pub why_not_lower: Vec<Text>,
}

/// 読めなかった箇所.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unread {
    /// Where.
    pub place: Text,
    /// Why.
    pub why: Text,
}

fn code<S: serde::Serializer>(grades: &Grades, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&grades.code())
}

fn printed<S: serde::Serializer>(restrictions: &Restrictions, to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(restrictions.iter().map(ToString::to_string))
}

impl Suggestion {
    /// The grades as an officer would type them.
    #[must_use]
    pub fn grade_line(&self) -> String {
        match &self.own_level {
            Some(own) => format!("{own}情報・{}情報・{}情報", self.grade.i.text().ja, self.grade.a.text().ja),
            None => self.grade.code(),
        }
    }

    /// The restrictions as an officer would type them.
    #[must_use]
    pub fn restrictions_printed(&self) -> Vec<String> {
        self.restrictions.iter().map(ToString::to_string).collect()
    }
}

/// Puts the suggestion together.
pub(super) fn suggest(
    taxonomy: &Taxonomy,
    Marks { typed: marks, mapped }: Marks,
    found: Vec<Seen>,
    out_of_scope: Vec<String>,
    unread: Vec<(Spot, Text)>,
) -> Suggestion {
    let sure: Vec<&Marked> = marks.iter().filter(|mark| mark.confidence >= SURE).collect();
    let marked = highest(sure.iter().map(|mark| levels(&mark.line)));
    let asked = highest(found.iter().filter(|s| s.asks).map(|s| (s.confidentiality, s.integrity, s.availability)));
    let default = taxonomy.default_grades();
    let is_whole = unread.is_empty();
    let public = found.iter().any(|seen| seen.asks && is_public(taxonomy, seen));
    let doubtful = found.iter().any(|seen| seen.confidentiality > 1 && seen.confidence > 0 && seen.least == 1);
    let floor = if marked.0 > 0 || (public && is_whole && !doubtful) { 1 } else { default.c.level() };
    let level = |axis: Axis, marked: u8, asked: u8, floor: u8| {
        let kept = if marked > 0 {
            marked
        } else {
            floor.max(if axis == Axis::Confidentiality { 1 } else { default.level(axis) })
        };
        kept.max(asked)
    };
    let c = level(Axis::Confidentiality, marked.0, asked.0, floor);
    let grade = Grades::new(
        Confidentiality::from_level(c).unwrap_or(Confidentiality::Three),
        Integrity::from_level(level(Axis::Integrity, marked.1, asked.1, 1)).unwrap_or(Integrity::Two),
        Availability::from_level(level(Axis::Availability, marked.2, asked.2, 1)).unwrap_or(Availability::Two),
    );
    let restrictions = restrictions(taxonomy, &sure, mapped, &found, grade.c);
    let basis = Basis { taxonomy, marked: marked.0, asked: asked.0, public, is_whole, grade, found: &found };
    Suggestion {
        grade,
        own_level: own_level(taxonomy, &sure, grade.c),
        restrictions,
        is_whole,
        is_founded: marked.0 > 0 || asked.0 > 1 || floor < default.c.level(),
        is_sure: is_whole && out_of_scope.is_empty() && if marked.0 > 0 { marked.0 >= asked.0 } else { asked.0 > 1 },
        out_of_scope,
        why_not_higher: basis.why_not_higher(),
        why_not_lower: basis.why_not_lower(),
        markings: marks
            .into_iter()
            .map(|m| Marking { written: m.written, place: m.spot.name(), confidence: m.confidence })
            .collect(),
        found,
        unread: unread.into_iter().map(|(spot, why)| Unread { place: spot.name(), why }).collect(),
    }
}

fn highest(levels: impl Iterator<Item = (u8, u8, u8)>) -> (u8, u8, u8) {
    levels.fold((0, 0, 0), |top, level| (top.0.max(level.0), top.1.max(level.1), top.2.max(level.2)))
}

fn is_public(taxonomy: &Taxonomy, seen: &Seen) -> bool {
    taxonomy.detectors().iter().any(|rule| rule.id == seen.detector && rule.is_public)
}

/// Those of the markings, of the rules, and what the taxonomy proposes for the level.
fn restrictions(
    taxonomy: &Taxonomy,
    marks: &[&Marked],
    mapped: Vec<Restriction>,
    found: &[Seen],
    level: Confidentiality,
) -> Restrictions {
    let typed = marks.iter().flat_map(|mark| mark.line.restrictions.iter().cloned());
    let asking = |id: &str| found.iter().any(|seen| seen.asks && seen.detector == id);
    let rules = taxonomy.detectors().iter().filter(|rule| asking(&rule.id)).flat_map(|rule| &rule.restrictions);
    let reference = crate::time::Timestamp::from_unix(0);
    let asked = rules.filter_map(|text| Restriction::parse(text, taxonomy, reference).ok());
    let proposed = taxonomy.default_restrictions(level).iter().cloned();
    typed.chain(mapped).chain(asked).chain(proposed).take(crate::label::MAX_RESTRICTIONS).collect()
}

/// The own level that was marked, if it stands for the level proposed; else, of several, the highest.
fn own_level(taxonomy: &Taxonomy, marks: &[&Marked], level: Confidentiality) -> Option<Name> {
    let stands: Vec<_> = taxonomy.levels(Axis::Confidentiality).filter(|own| own.maps_to == level.level()).collect();
    let marked = marks.iter().filter_map(|mark| mark.line.own_level.as_ref());
    let marked = marked.filter(|own| stands.iter().any(|l| l.printed == **own));
    let place = |own: &Name| stands.iter().position(|l| l.printed == *own);
    let several = stands.len() > 1;
    marked
        .min_by_key(|own| place(own))
        .cloned()
        .or_else(|| stands.first().filter(|_| several).map(|own| own.printed.clone()))
}

/// What the reasons are made of.
struct Basis<'a> {
    taxonomy: &'a Taxonomy,
    marked: u8,
    asked: u8,
    public: bool,
    is_whole: bool,
    grade: Grades,
    found: &'a [Seen],
}

impl Basis<'_> {
    fn why_not_higher(&self) -> Vec<Text> {
        let mut why = Vec::new();
        if self.grade.c == Confidentiality::Three {
            return why;
        }
        for seen in self.found.iter().filter(|seen| !seen.asks && seen.confidentiality > self.grade.c.level()) {
            why.push(Text::new(
                format!(
                    "{}が {} 件ありますが、確かなものは {} 種類で、目安の {} に届きません。確認してください。",
                    seen.name.ja, seen.total, seen.different, seen.least
                ),
                format!(
                    "{}: {} found, {} of them sure and different, fewer than the {} it takes. Please check.",
                    seen.name.en, seen.total, seen.different, seen.least
                ),
            ));
        }
        if self.grade.c == Confidentiality::Two {
            why.push(if self.is_whole {
                Text::fixed(
                    "秘密文書に相当する表示も、機密性３を求める語もありません。",
                    "Nothing marks it as secret, and nothing found asks for confidentiality 3.",
                )
            } else {
                Text::fixed(
                    "読めた範囲に、秘密文書に相当する表示も機密性３を求める語もありません。",
                    "In what could be read, nothing marks it as secret or asks for confidentiality 3.",
                )
            });
        } else if why.is_empty() {
            why.push(Text::fixed(
                "不開示情報に当たりそうなものは見つかりませんでした。",
                "Nothing was found that is likely to be withheld.",
            ));
        }
        why
    }

    fn why_not_lower(&self) -> Vec<Text> {
        let mut why = Vec::new();
        if !self.is_whole {
            why.push(Text::fixed(
                "読めない部分があるため、内容からは判断できません。開いて確かめてください。",
                "Parts could not be read, so the content cannot be judged. Open it and see.",
            ));
        }
        if self.marked > 0 {
            why.push(Text::fixed(
                "作成者等による表示を尊重しています。見直しは決定者等に確認してください（3.1.1(3)(c)）。",
                "It is marked so by people. For a review, ask the decider (3.1.1(3)(c)).",
            ));
        }
        if self.marked > 0 && self.asked > self.marked {
            why.push(Text::fixed(
                "表示されている格付より高い格付が必要な内容を含みます。",
                "Its content asks for more than it is marked with.",
            ));
        }
        for seen in self.found.iter().filter(|seen| seen.asks && seen.confidentiality > 1) {
            let (ja, en) = seen.exemption.map_or((String::new(), String::new()), |item| {
                (
                    format!("（情報公開法第５条第{item}号）"),
                    format!(" (Information Disclosure Act, article 5, item {item})"),
                )
            });
            why.push(Text::new(
                format!("{}：{} 件。{}{ja}", seen.name.ja, seen.total, seen.reason.ja),
                format!("{}: {}. {}{en}", seen.name.en, seen.total, seen.reason.en),
            ));
        }
        if why.is_empty() && self.grade.c.level() > 1 {
            let default = self.taxonomy.default_grades().code();
            why.push(Text::new(
                format!("公表を前提とする表示がないため、既定の格付（{default}）のままとしています。"),
                format!("Nothing says that it is meant for the public, so the default ({default}) stands."),
            ));
        }
        if self.public && why.is_empty() {
            why.push(Text::fixed(
                "公表資料の表示があります。公表前であれば、格付を上げてください。",
                "It is marked as meant for the public. Before publication, raise the grade.",
            ));
        }
        why
    }
}
