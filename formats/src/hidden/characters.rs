//! 見えない文字. Characters that stand in a text and are not seen: they hide words from readers, or turn their order about.

/// A sort of characters that are not seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unseen {
    /// Of no width.
    ZeroWidth,
    /// They turn the order of what follows about (Unicode Annex 9).
    Direction,
    /// Tags (Unicode 23.9): whole sentences can be written in them.
    Tag,
    /// Control characters and commands of terminals.
    Control,
}

impl Unseen {
    /// Japanese and English.
    pub const fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::ZeroWidth => ("幅のない文字", "characters of no width"),
            Self::Direction => ("文字の並びを逆にする制御文字", "characters that turn the order of the text about"),
            Self::Tag => ("タグ文字（見えない文章を書けます）", "tag characters, which can spell hidden sentences"),
            Self::Control => ("制御文字・端末の命令", "control characters and commands of terminals"),
        }
    }
}

/// Whether the character after `before` and before `after` is not seen, and has no work to do there.
fn judge(before: Option<char>, character: char, after: Option<char>) -> Option<Unseen> {
    match character {
        '\u{200B}'
        | '\u{2060}'..='\u{2064}'
        | '\u{FEFF}'
        | '\u{180E}'
        | '\u{034F}'
        | '\u{115F}'
        | '\u{1160}'
        | '\u{3164}'
        | '\u{FFA0}' => Some(Unseen::ZeroWidth),
        // They join letters of some scripts, and pictures of people to one.
        '\u{200C}' | '\u{200D}' => {
            let joins = |c: Option<char>| c.is_some_and(|c| is_joining(c) || c == '\u{FE0F}');
            (!joins(before) && !joins(after)).then_some(Unseen::ZeroWidth)
        }
        '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{061C}' => {
            Some(Unseen::Direction)
        }
        '\u{E0000}'..='\u{E007F}' => Some(Unseen::Tag),
        '\t' | '\n' | '\r' | '\u{C}' => None,
        other if other.is_control() && other != '\u{85}' => Some(Unseen::Control),
        _ => None,
    }
}

/// Letters of scripts that are joined or parted by what is not seen; and pictures.
fn is_joining(c: char) -> bool {
    matches!(c, '\u{0590}'..='\u{109F}' | '\u{1780}'..='\u{18AF}' | '\u{2190}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FAFF}')
}

/// The text without what is not seen, where `goes` says so; it is told of each.
pub(super) fn sift(text: &str, goes: &mut dyn FnMut(Unseen) -> bool) -> String {
    let (mut out, mut before) = (String::with_capacity(text.len()), None);
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let after = rest.get(character.len_utf8()..).unwrap_or_default();
        // The flags of England, Scotland and Wales are written in tags.
        let is_flag = before == Some('\u{1F3F4}') && matches!(character, '\u{E0000}'..='\u{E007F}');
        if is_flag {
            let end = after.find(|c| !matches!(c, '\u{E0000}'..='\u{E007F}')).unwrap_or(after.len());
            let flag = character.len_utf8() + end;
            if end <= 7 * 4 && after.get(..end).is_some_and(|tags| tags.ends_with('\u{E007F}')) {
                out.push_str(rest.get(..flag).unwrap_or_default());
                (rest, before) = (rest.get(flag..).unwrap_or_default(), None);
                continue;
            }
        }
        let length = command(rest).unwrap_or(character.len_utf8());
        match judge(before, character, after.chars().next()) {
            Some(unseen) if goes(unseen) => {}
            Some(_) => out.push_str(rest.get(..length).unwrap_or_default()),
            None => out.push(character),
        }
        before = Some(character);
        rest = rest.get(length..).unwrap_or_default();
    }
    out
}

/// Length of a terminal's command (ECMA-48): `ESC [ … letter`, `ESC ] … BEL`, or `ESC` and one character.
fn command(rest: &str) -> Option<usize> {
    let inside = rest.strip_prefix('\u{1B}')?;
    let length = match inside.bytes().next() {
        Some(b'[') => 2 + inside.bytes().skip(1).take(64).position(|b| (0x40..0x7F).contains(&b))?,
        Some(b']') => 1 + inside.bytes().take(1024).position(|b| b == 7)?,
        _ => return Some(1),
    };
    inside.is_char_boundary(length).then_some(1 + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sifted(text: &str) -> String {
        sift(text, &mut |_| true)
    }

    #[test]
    fn what_is_not_seen_goes_and_what_has_work_to_do_stays() {
        assert_eq!(sifted("機\u{200B}密\u{202E}文書\u{2069}"), "機密文書");
        assert_eq!(sifted("a\u{1B}[8mhidden\u{1B}[0mb\0c"), "ahiddenbc");
        assert_eq!(sifted("a\u{E0073}\u{E0065}b"), "ab");
        assert_eq!(sifted("x\u{200D}y"), "xy");
        for whole in [
            "👨\u{200D}👩\u{200D}👧",
            "नम\u{200D}स्ते",
            "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
            "葛\u{E0100}城市",
            "a\tb\r\n",
        ] {
            assert_eq!(sifted(whole), whole);
        }
        assert_eq!(sift("a\u{200B}b", &mut |_| false), "a\u{200B}b");
    }
}
