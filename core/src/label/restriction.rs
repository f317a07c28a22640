//! 取扱制限. One restriction with its parameters, checked: what is not a meaningful combination cannot be made.

use core::num::NonZeroU32;

use super::day::Day;
use super::level::Axis;
use super::verb::{EncryptScope, Mode, Verb};
use super::words::{Name, Verbatim};
use crate::code::Text;
use crate::time::Timestamp;

/// A restriction that cannot be read; it denies, it is never passed over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RestrictionError {
    /// The mode does not go with the verb.
    #[error("a restriction on {verb:?} cannot be {mode:?}")]
    Mode {
        /// The verb.
        verb: Verb,
        /// The mode.
        mode: Mode,
    },
    /// A parameter the verb does not take, or one it needs is missing.
    #[error("parameters do not fit a restriction on {0:?}")]
    Terms(Verb),
    /// 期間. The first day is after the last.
    #[error("the period of a restriction ends before it begins")]
    Period,
    /// A date, number or duration in it cannot be read.
    #[error("the restriction {0:?} cannot be read")]
    Unreadable(String),
    /// Several restrictions in one text.
    #[error("more than one restriction in {0:?}")]
    Several(String),
    /// A bracket in it is opened or closed alone.
    #[error("brackets that do not match in the restriction {0:?}")]
    Brackets(String),
}

impl RestrictionError {
    /// What happened and what to do.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Mode { verb, mode } => Text::new(
                format!("「{}」に「{}」は指定できません。", verb.text().ja, mode.text().ja),
                format!("\"{}\" cannot be \"{}\".", verb.text().en, mode.text().en),
            ),
            Self::Terms(verb) => Text::new(
                format!("「{}」の条件（期限・対象・回数など）の指定が正しくありません。", verb.text().ja),
                format!("The conditions (time, audience, count …) do not fit \"{}\".", verb.text().en),
            ),
            Self::Period => Text::fixed(
                "取扱制限の期間が、始まる前に終わっています。日付を確認してください。",
                "The restriction ends before it begins. Check the dates.",
            ),
            Self::Unreadable(text) => Text::new(
                format!("取扱制限「{text}」を読めません。日付・数を確認してください。"),
                format!("The restriction \"{text}\" cannot be read. Check dates and numbers."),
            ),
            Self::Several(text) => Text::new(
                format!("取扱制限「{text}」は一つずつ指定してください。"),
                format!("Give the restrictions in \"{text}\" one by one."),
            ),
            Self::Brackets(text) => Text::new(
                format!("取扱制限「{text}」の括弧が対になっていません。括弧を確認してください。"),
                format!("The brackets in the restriction \"{text}\" do not match. Check them."),
            ),
        }
    }
}

/// Most names in one ○○限り.
pub const MAX_AUDIENCE: usize = 64;

/// The parameters of a restriction. Which verb takes which: [`Rule::new`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Terms {
    /// Holds from the beginning of this day in Japan.
    pub from: Option<Day>,
    /// Holds to the end of this day in Japan; for 保存, kept until then.
    pub until: Option<Day>,
    /// ○○限り: names of units, groups or persons as printed. Sorted, without duplicates.
    pub audience: Vec<Name>,
    /// 読後廃棄: openings a reader.
    pub count: Option<NonZeroU32>,
    /// 持出: the zone it must not leave, as printed; absent: 要管理対策区域.
    pub zone: Option<Name>,
    /// ○○において保存: the place as printed.
    pub place: Option<Name>,
    /// ○○以内復旧: seconds.
    pub within: Option<NonZeroU32>,
    /// 暗号化必須: where.
    pub scope: Option<EncryptScope>,
    /// ○○まで保存 where ○○ is no date: the event as printed; seen to by people.
    pub event: Option<Name>,
}

/// A restriction the system understands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rule {
    verb: Verb,
    mode: Mode,
    terms: Terms,
}

impl Rule {
    /// Puts a restriction together; absent parameters with a natural value get it (one opening, encryption always).
    ///
    /// # Errors
    /// [`RestrictionError`] when mode or parameters do not go with the verb.
    pub fn new(verb: Verb, mode: Mode, mut terms: Terms) -> Result<Self, RestrictionError> {
        if !modes_of(verb).contains(&mode) {
            return Err(RestrictionError::Mode { verb, mode });
        }
        match verb {
            Verb::ReadOnce => terms.count = terms.count.or(Some(NonZeroU32::MIN)),
            Verb::Encrypt => terms.scope = terms.scope.or(Some(EncryptScope::Always)),
            _ => {}
        }
        terms.audience.sort();
        terms.audience.dedup();
        let names = terms.audience.iter().chain(&terms.zone).chain(&terms.place).chain(&terms.event);
        if !fits(verb, &terms) || !names.into_iter().all(is_plain) {
            return Err(RestrictionError::Terms(verb));
        }
        if terms.from.zip(terms.until).is_some_and(|(from, until)| from > until) {
            return Err(RestrictionError::Period);
        }
        Ok(Self { verb, mode, terms })
    }

    /// The same with other parameters of the same kind; for rewriting within the room.
    pub(super) fn with_terms(self, terms: Terms) -> Self {
        Self { terms, ..self }
    }

    /// What it is about.
    #[must_use]
    pub const fn verb(&self) -> Verb {
        self.verb
    }

    /// How strict it is.
    #[must_use]
    pub const fn mode(&self) -> Mode {
        self.mode
    }

    /// Its parameters.
    #[must_use]
    pub const fn terms(&self) -> &Terms {
        &self.terms
    }

    /// Whether it holds at a point in time. 保存 always holds: its day says until when things are kept.
    #[must_use]
    pub fn holds_at(&self, now: Timestamp) -> bool {
        self.verb == Verb::Retain
            || (self.terms.from.is_none_or(|from| now >= from.start())
                && self.terms.until.is_none_or(|until| now < until.end()))
    }

    /// Whether keeping `self` keeps `other` too (a partial order: equal rules cover each other, no others do both).
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        let (mine, theirs) = (&self.terms, &other.terms);
        self.verb == other.verb
            && self.mode <= other.mode
            && mine.zone == theirs.zone
            && mine.place == theirs.place
            && mine.event == theirs.event
            && covers_period(self.verb, mine, theirs)
            && mine.audience.iter().all(|name| theirs.audience.contains(name))
            && mine.count.zip(theirs.count).is_none_or(|(m, t)| m <= t)
            && mine.within.zip(theirs.within).is_none_or(|(m, t)| m <= t)
            && mine.scope.zip(theirs.scope).is_none_or(|(m, t)| m.covers(t))
    }
}

fn covers_period(verb: Verb, mine: &Terms, theirs: &Terms) -> bool {
    if verb == Verb::Retain {
        return mine.until >= theirs.until;
    }
    let starts = mine.from.is_none_or(|m| theirs.from.is_some_and(|t| m <= t));
    let ends = mine.until.is_none_or(|m| theirs.until.is_some_and(|t| m >= t));
    starts && ends
}

/// The modes a verb can take.
pub(super) const fn modes_of(verb: Verb) -> &'static [Mode] {
    match verb {
        Verb::Copy
        | Verb::Distribute
        | Verb::Print
        | Verb::Forward
        | Verb::Send
        | Verb::Transcribe
        | Verb::Reuse
        | Verb::TakeOut
        | Verb::Rewrite
        | Verb::Delete => &[Mode::Forbidden, Mode::NeedsPermission],
        Verb::Encrypt
        | Verb::Audience
        | Verb::ReadOnce
        | Verb::Retain
        | Verb::Discard
        | Verb::Recover
        | Verb::KeepAt => &[Mode::Required],
    }
}

/// Signs that separate names or restrictions.
pub(super) const fn is_list_sign(c: char) -> bool {
    matches!(c, '・' | '、' | ',' | '/' | ';')
}

/// Whether a name can stand in a printed restriction and be read back: folded, and without what the printed form is made of.
fn is_plain(name: &Name) -> bool {
    const WORDS: [&str; 12] =
        ["及び", "並びに", "又は", "および", "または", "から", "以降", "より", "まで", "限り", "(", ")"];
    let text = name.as_str();
    super::width::fold(text) == text && !text.contains(is_list_sign) && !WORDS.iter().any(|word| text.contains(word))
}

/// Whether a verb takes exactly the parameters given.
fn fits(verb: Verb, t: &Terms) -> bool {
    let timed = t.from.is_some() || t.until.is_some();
    let may_be_timed = match verb {
        Verb::Retain => t.from.is_none(),
        Verb::Discard | Verb::Recover | Verb::KeepAt => !timed,
        _ => true,
    };
    may_be_timed
        && (verb == Verb::Audience) != t.audience.is_empty()
        && t.audience.len() <= MAX_AUDIENCE
        && (verb == Verb::ReadOnce) == t.count.is_some()
        && (verb == Verb::TakeOut || t.zone.is_none())
        && (verb == Verb::KeepAt) == t.place.is_some()
        && (verb == Verb::Recover) == t.within.is_some()
        && (verb == Verb::Encrypt) == t.scope.is_some()
        && (verb != Verb::Retain || t.until.is_some() != t.event.is_some())
        && (verb == Verb::Retain || t.event.is_none())
}

/// An agency's own restriction: its taxonomy maps it, people keep it, what it lets pass is in the taxonomy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AgencyRestriction {
    /// Id of the row in the taxonomy.
    pub id: Name,
    /// The axis it belongs to.
    pub axis: Axis,
    /// As printed.
    pub printed: Verbatim,
}

/// 取扱制限.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Restriction {
    /// Understood.
    Known(Rule),
    /// An agency's own, mapped by its taxonomy.
    Agency(AgencyRestriction),
    /// Not known to the taxonomy: shown verbatim, kept by people; view is allowed, export, provide and publish are not.
    Unknown(Verbatim),
}

impl Restriction {
    /// The rule, where it is understood.
    #[must_use]
    pub const fn rule(&self) -> Option<&Rule> {
        match self {
            Self::Known(rule) => Some(rule),
            Self::Agency(_) | Self::Unknown(_) => None,
        }
    }

    /// The axis it belongs to; what is not known counts as 機密性, so that it is inherited.
    #[must_use]
    pub const fn axis(&self) -> Axis {
        match self {
            Self::Known(rule) => rule.verb().axis(),
            Self::Agency(own) => own.axis,
            Self::Unknown(_) => Axis::Confidentiality,
        }
    }

    /// Whether keeping `self` keeps `other` too.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Known(mine), Self::Known(theirs)) => mine.covers(theirs),
            _ => self == other,
        }
    }

    /// Whether it holds at a point in time.
    #[must_use]
    pub fn holds_at(&self, now: Timestamp) -> bool {
        self.rule().is_none_or(|rule| rule.holds_at(now))
    }
}
