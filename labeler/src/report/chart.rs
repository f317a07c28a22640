//! 図. Bars as SVG, drawn here so that the page needs nothing from elsewhere.

use std::fmt::Write;

/// One bar: its name, what it counts, and the part of that to be pointed out.
pub struct Bar {
    /// What it stands for.
    pub name: String,
    /// How many.
    pub count: u64,
    /// How many of them to point out.
    pub marked: u64,
    /// Colour of the bar.
    pub colour: &'static str,
}

/// Height of a bar with the room around it, in pixels.
const ROW: usize = 30;
/// Where bars begin, in pixels.
const LEFT: usize = 190;
/// How long the longest bar is.
const LENGTH: usize = 420;

/// Horizontal bars with their counts.
pub fn bars(title: &str, bars: &[Bar]) -> String {
    let most = bars.iter().map(|bar| bar.count).max().unwrap_or(0).max(1);
    let height = ROW * bars.len() + 8;
    let mut svg = format!(
        "<svg viewBox=\"0 0 720 {height}\" role=\"img\" aria-label=\"{}\" xmlns=\"http://www.w3.org/2000/svg\">",
        escaped(title)
    );
    for (place, bar) in bars.iter().enumerate() {
        let top = place * ROW + 4;
        let (whole, marked) = (length(bar.count, most), length(bar.marked, most));
        // Writing to a String can't fail.
        let _infallible = write!(
            svg,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>\
             <rect x=\"{LEFT}\" y=\"{top}\" width=\"{whole}\" height=\"22\" rx=\"2\" fill=\"{}\"/>\
             <rect x=\"{LEFT}\" y=\"{top}\" width=\"{marked}\" height=\"22\" rx=\"2\" fill=\"#b3261e\"/>\
             <text x=\"{}\" y=\"{}\">{}</text>",
            LEFT - 10,
            top + 16,
            escaped(&bar.name),
            bar.colour,
            LEFT + whole + 8,
            top + 16,
            counted(bar.count, bar.marked),
        );
    }
    svg.push_str("</svg>");
    svg
}

fn counted(count: u64, marked: u64) -> String {
    if marked == 0 { grouped(count) } else { format!("{}（{}）", grouped(count), grouped(marked)) }
}

/// At least a pixel for what is there.
fn length(count: u64, most: u64) -> usize {
    let share = u128::from(count) * (LENGTH as u128) / u128::from(most);
    usize::try_from(share).unwrap_or(LENGTH).max(usize::from(count > 0))
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
            // What is not seen, or turns what follows around, is shown to be there.
            c if c.is_control()
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}') =>
            {
                safe.push('\u{fffd}');
            }
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_are_written_for_people() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(escaped("<b>\u{202e}\"'&"), "&lt;b&gt;\u{fffd}&quot;&#39;&amp;");
        assert_eq!((length(0, 10), length(1, 1_000_000), length(10, 10)), (0, 1, LENGTH));
    }
}
