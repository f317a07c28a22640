//! 表紙の文字. The words of a cover as text, beside its picture: for screen readers, search, and printing.

use kakuzuke_core::code::Text;

use crate::cover::{Cover, words};

/// What a line of the text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// What the file is.
    Title,
    /// Head of the lines that follow.
    Heading,
    /// Everything else.
    Body,
}

/// A line of the text, in Japanese and, where it says something else, in English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// What it is.
    pub role: Role,
    /// Japanese.
    pub ja: String,
    /// English; empty when the Japanese says it already.
    pub en: String,
}

impl Line {
    fn new(role: Role, ja: String, en: String) -> Self {
        let en = if en == ja { String::new() } else { en };
        Self { role, ja, en }
    }

    fn of(role: Role, text: &Text) -> Self {
        Self::new(role, text.ja.to_string(), text.en.to_string())
    }
}

/// Every line of a cover, in reading order.
pub(crate) fn lines(cover: &Cover) -> Vec<Line> {
    let none = [words::NO_RESTRICTIONS];
    let restrictions = if cover.restrictions.is_empty() { none.as_slice() } else { &cover.restrictions };
    let kind = cover.kind.name();
    let mut said = vec![
        Line::of(Role::Title, &words::TITLE),
        Line::of(Role::Body, &words::INTRODUCTION),
        named(&words::GRADES, std::slice::from_ref(&cover.grades)),
        named(&words::RESTRICTIONS, restrictions),
        named(&words::DECIDER, std::slice::from_ref(&cover.decider)),
        named(&words::ORGANIZATION, std::slice::from_ref(&cover.organization)),
        named(&words::KIND, std::slice::from_ref(&kind)),
    ];
    if !cover.handling.is_empty() {
        said.push(Line::of(Role::Heading, &words::HANDLING));
        said.extend(cover.handling.iter().map(|note| Line::of(Role::Body, note)));
    }
    said.push(Line::of(Role::Heading, &words::OPENING));
    let steps = if cover.opening.is_empty() { words::STEPS.as_slice() } else { &cover.opening };
    for (number, step) in (1..).zip(steps) {
        let numbered = |text: &str| format!("{number}. {text}");
        let en = if step.en.is_empty() { String::new() } else { numbered(&step.en) };
        said.push(Line::new(Role::Body, numbered(&step.ja), en));
    }
    said.push(Line::of(Role::Body, &words::FOOTER));
    said
}

fn named(name: &Text, values: &[Text]) -> Line {
    let joined = |pick: fn(&Text) -> &str, between: &str| {
        values.iter().map(pick).filter(|v| !v.is_empty()).collect::<Vec<_>>().join(between)
    };
    let (ja, en) = (joined(|t| &t.ja, "・"), joined(|t| &t.en, ", "));
    Line::new(Role::Body, format!("{}：{ja}", name.ja), format!("{}: {en}", name.en))
}
