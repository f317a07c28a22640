//! 表. Columns for a terminal, in which Japanese letters are two places wide.

/// Longest name in a table, in places; a longer one loses its beginning, since paths differ at their end.
const LONGEST: usize = 56;

/// Lines of a table: the first column to the left, the others to the right.
#[must_use]
pub fn lines(rows: &[Vec<String>]) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| shortened(cell)).collect()).collect();
    let widest = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| width(cell)).max();
    let widths: Vec<usize> = (0..columns).map(|column| widest(column).unwrap_or(0)).collect();
    rows.iter().map(|row| line(row, &widths)).collect()
}

fn line(row: &[String], widths: &[usize]) -> String {
    let mut text = String::new();
    for (at, (cell, wide)) in row.iter().zip(widths).enumerate() {
        let room = " ".repeat(wide.saturating_sub(width(cell)));
        if at == 0 {
            text.push_str(&format!("  {cell}{room}"));
        } else {
            text.push_str(&format!("  {room}{cell}"));
        }
    }
    text.trim_end().to_owned()
}

fn shortened(cell: &str) -> String {
    // What a terminal would obey is not written to it.
    let cell: String = cell.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if width(&cell) <= LONGEST {
        return cell;
    }
    let mut room = LONGEST - 1;
    let kept = cell.char_indices().rev().take_while(|(_, c)| {
        let fits = room >= places(*c);
        room = room.saturating_sub(places(*c));
        fits
    });
    let from = kept.last().map_or(cell.len(), |(at, _)| at);
    format!("…{}", cell.get(from..).unwrap_or_default())
}

fn width(text: &str) -> usize {
    text.chars().map(places).sum()
}

/// Places a letter takes (East Asian Wide and Fullwidth, as far as names of files have them).
const fn places(c: char) -> usize {
    match c {
        '\u{300}'..='\u{36f}' | '\u{3099}' | '\u{309a}' => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe4f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1f9ff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_one_another_in_any_script() {
        let rows = [vec!["フォルダ".to_owned(), "件数".to_owned()], vec!["/a".to_owned(), "12".to_owned()]];
        assert_eq!(lines(&rows), ["  フォルダ  件数", "  /a          12"]);
        let long = lines(&[vec!["あ".repeat(100) + "末\u{1b}[31m"]]);
        assert!(long.iter().all(|line| width(line) <= LONGEST + 2 && !line.contains('\u{1b}')), "{long:?}");
    }
}
