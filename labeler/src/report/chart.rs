//! 図. Bars as SVG and names as HTML, drawn here so that the page needs nothing from elsewhere.

use std::fmt::Write;

use kakuzuke::Share;

/// Longest name shown whole, in characters.
const LONGEST: usize = 160;
/// Length of a whole bar.
const LENGTH: u64 = 10_000;

/// What a bar is made of, by class and name, in the order it is drawn.
pub const PARTS: [(&str, &str, &str); 7] = [
    ("c3", "機密性３", "confidentiality 3"),
    ("c2", "機密性２", "confidentiality 2"),
    ("c1", "機密性１", "confidentiality 1"),
    ("by", "規程による明示", "labelled by rule"),
    ("no", "未格付", "not labelled"),
    ("ex", "未格付の要機密情報", "not labelled, confidential"),
    ("un", "判断できない", "not known"),
];

/// How many files each part stands for.
pub fn parts(share: &Share) -> [u64; 7] {
    let named = share.secret + share.confidential + share.open + share.declared + share.unlabelled;
    [
        share.secret,
        share.confidential,
        share.open,
        share.declared,
        share.unlabelled.saturating_sub(share.exposed),
        share.exposed,
        share.files.saturating_sub(named),
    ]
}

/// A bar of parts, as long as `whole` stands to `most`; `title` says it in words.
pub fn bar(share: &Share, most: u64, title: &str) -> String {
    let mut svg = format!(
        "<svg class=\"bar\" viewBox=\"0 0 {LENGTH} 10\" preserveAspectRatio=\"none\" role=\"img\"><title>{}</title>",
        escaped(title)
    );
    let (mut before, mut at) = (0_u64, 0);
    for (count, (class, ..)) in parts(share).into_iter().zip(PARTS) {
        before = before.saturating_add(count);
        // What is there is seen, however little it is.
        let end = along(before, most).max(if count > 0 { at + 40 } else { at }).min(LENGTH);
        if count > 0 {
            // Writing to a String can't fail.
            let _infallible =
                write!(svg, "<rect class=\"{class}\" x=\"{at}\" y=\"0\" width=\"{}\" height=\"10\"/>", end - at);
            at = end;
        }
    }
    svg.push_str("</svg>");
    svg
}

fn along(count: u64, most: u64) -> u64 {
    let along = u128::from(count) * u128::from(LENGTH) / u128::from(most.max(1));
    u64::try_from(along).unwrap_or(LENGTH)
}

/// `1,234,567`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `12.3 GB`.
pub fn sized(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    let (mut tenths, mut unit) = (bytes / 100, 0);
    while tenths >= 10_000 && unit + 1 < UNITS.len() {
        (tenths, unit) = (tenths / 1_000, unit + 1);
    }
    format!("{}.{} {}", tenths / 10, tenths % 10, UNITS.get(unit).copied().unwrap_or("PB"))
}

/// In percent, so that only all is 100 and only none is 0.
pub fn percent(part: u64, whole: u64) -> u64 {
    let percent = u64::try_from(u128::from(part) * 100 / u128::from(whole.max(1))).unwrap_or(100);
    percent.clamp(u64::from(part > 0), if part < whole { 99 } else { 100 })
}

/// A path below the one folder that was scanned; whole when there were several.
pub fn below<'p>(path: &'p str, roots: &[String]) -> &'p str {
    let [root] = roots else { return path };
    let rest = path.strip_prefix(root.as_str()).and_then(|rest| rest.strip_prefix('/'));
    rest.filter(|rest| !rest.is_empty()).unwrap_or(path)
}

/// A path as HTML, a giant one shortened in the middle.
pub fn path(path: &str) -> String {
    let letters = path.chars().count();
    if letters <= LONGEST {
        return format!("<bdi>{}</bdi>", escaped(path));
    }
    let head: String = path.chars().take(LONGEST / 2).collect();
    let tail: String = path.chars().skip(letters - LONGEST / 2).collect();
    format!("<bdi>{} … {}</bdi>", escaped(&head), escaped(&tail))
}

/// A text as it stands in HTML, also in attributes.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c if is_unseen(c) => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    safe
}

/// What is not seen, or turns what follows around, and is shown to be there.
pub fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
        || matches!(c, '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_are_written_for_people() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!((sized(0), sized(1_234_567), sized(u64::MAX)).1, "1.2 MB");
        assert_eq!(escaped("<b>\u{202e}\"'&\n"), "&lt;b&gt;\u{fffd}&quot;&#39;&amp;\u{fffd}");
        assert_eq!((percent(1, 1_000), percent(999, 1_000), percent(5, 5), percent(0, 0)), (1, 99, 100, 0));
        let root = ["/s".to_owned()];
        assert_eq!((below("/s/a", &root), below("/s", &root), below("/sa", &root)), ("a", "/s", "/sa"));
        assert!(path(&"あ".repeat(4_096)).chars().count() < 200);
    }

    #[test]
    fn a_bar_shows_the_least_of_its_parts_and_ends_where_it_should() {
        let share = Share { files: 100_000, open: 99_999, unlabelled: 1, exposed: 1, ..Share::default() };
        let svg = bar(&share, share.files, "");
        assert!(svg.contains("class=\"ex\"") && svg.contains("class=\"c1\" x=\"0\""), "{svg}");
        assert_eq!(bar(&Share::default(), 0, "<").matches("<rect").count(), 0);
    }
}
