//! 言語. Which of the two languages a person reads.

use kakuzuke::code::Text;

use crate::args::Lang;

/// Japanese or English.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Locale {
    /// 日本語.
    Japanese,
    /// English.
    English,
}

impl Locale {
    /// What was asked for, else what the environment says (LC_ALL, LC_MESSAGES, LANG; POSIX order), else what the
    /// desktop speaks, else English.
    #[must_use]
    pub fn choose(asked: Option<Lang>) -> Self {
        match asked {
            Some(Lang::Ja) => Self::Japanese,
            Some(Lang::En) => Self::English,
            None => Self::from_environment(),
        }
    }

    fn from_environment() -> Self {
        let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let value = set("LC_ALL").or_else(|| set("LC_MESSAGES")).or_else(|| set("LANG"));
        let is_japanese = value.map_or_else(crate::platform::reads_japanese, |value| value.starts_with("ja"));
        if is_japanese { Self::Japanese } else { Self::English }
    }

    /// The message in this language.
    #[must_use]
    pub fn of(self, text: &Text) -> &str {
        self.pick(&text.ja, &text.en)
    }

    /// One of two.
    #[must_use]
    pub const fn pick<'t>(self, ja: &'t str, en: &'t str) -> &'t str {
        match self {
            Self::Japanese => ja,
            Self::English => en,
        }
    }
}
