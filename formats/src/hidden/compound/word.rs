//! Word 97–2003 ([MS-DOC]): names that the file keeps of its authors and places are overwritten where they lie; the rest is
//! reported.

use std::path::Path;

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use super::{Streams, blank, kept, long, short};
use crate::hidden::{Category, Ledger};

/// Offsets in the file's header of where a table lies, and how long it is.
const ASSOCIATED: usize = 0x019A;
const SAVED_BY: usize = 0x02D2;
const REVIEWERS: usize = 0x0232;
const COMMENT_OWNERS: usize = 0x01BA;
const FORMATTING: usize = 0x00FA;
/// Pages of formatting that are looked at.
const PAGES: usize = 100_000;

/// Cleans the document; `None` when it can't be read.
pub(super) fn clean(streams: &mut Streams, ledger: &mut Ledger) -> Option<()> {
    let mut main = streams.get("/WordDocument")?.to_vec();
    let flags = short(&main, 10)?;
    // Encrypted, or older than Word 97.
    if flags & 0x0100 != 0 || short(&main, 2)? < 0xC1 {
        return None;
    }
    let name = if flags & 0x0200 == 0 { "/0Table" } else { "/1Table" };
    let mut table = streams.get(name)?.to_vec();
    if flags & 0x0004 != 0 {
        kept(
            ledger,
            Category::Revisions,
            Unit::Whole,
            "高速保存で残った以前の文",
            "earlier text that fast saving left",
        );
    }
    if long(&main, 0x5C)? > 0 || places(&main, COMMENT_OWNERS)?.1 > 0 {
        kept(ledger, Category::Comments, Unit::Whole, "コメント", "comments");
    }
    formatting(&main, &table, ledger);
    let mut has_changed = reviewers(&main, &mut table, ledger).unwrap_or(false);
    has_changed |= associated(&main, &mut table, ledger).unwrap_or(false);
    has_changed |= saved_by(&mut main, &mut table, ledger).unwrap_or(false);
    if has_changed {
        streams.put(Path::new("/WordDocument"), main);
        streams.put(Path::new(name), table);
    }
    Some(())
}

/// Offset and length of a table.
fn places(main: &[u8], at: usize) -> Option<(usize, usize)> {
    Some((long(main, at)? as usize, long(main, at + 4)? as usize))
}

/// A string of a table of strings ([MS-DOC] 2.2.4): its number, and where its characters lie.
fn strings(table: &[u8], start: usize, length: usize) -> Option<Vec<(usize, std::ops::Range<usize>)>> {
    let end = start.checked_add(length).filter(|end| *end <= table.len())?;
    let is_wide = short(table, start)? == 0xFFFF;
    let head = start + if is_wide { 2 } else { 0 };
    let (count, extra) = (short(table, head)? as usize, short(table, head + 2)? as usize);
    let (mut found, mut at) = (Vec::new(), head + 4);
    for number in 0..count {
        let characters = if is_wide { usize::from(short(table, at)?) } else { usize::from(*table.get(at)?) };
        let (lead, bytes) = if is_wide { (2, characters * 2) } else { (1, characters) };
        let range = at + lead..at + lead + bytes;
        if range.end > end {
            return None;
        }
        at = range.end + extra;
        found.push((number, range));
    }
    Some(found)
}

fn blanks(table: &[u8], start: usize) -> &'static [u8] {
    if short(table, start) == Some(0xFFFF) { &[b' ', 0] } else { b" " }
}

/// Whether characters lie there other than blanks.
fn says(table: &[u8], range: &std::ops::Range<usize>) -> bool {
    table.get(range.clone()).unwrap_or_default().iter().any(|b| !matches!(*b, 0 | b' '))
}

/// Template, keywords, author, who saved it last ([MS-DOC] 2.9.274).
fn associated(main: &[u8], table: &mut [u8], ledger: &mut Ledger) -> Option<bool> {
    let (start, length) = places(main, ASSOCIATED)?;
    if length == 0 {
        return None;
    }
    let with = blanks(table, start);
    let mut has_changed = false;
    for (number, range) in strings(table, start, length)? {
        let (category, ja, en) = match number {
            1 => (Category::Links, "テンプレートの場所", "the template's place"),
            4 | 5 => (Category::Properties, "キーワード・説明", "keywords and description"),
            6 | 7 => (Category::Authors, "作成者・最終保存者", "author, and who saved it last"),
            _ => continue,
        };
        let is_usual = number == 1 && range.len() <= 24;
        if !is_usual && says(table, &range) && ledger.found(category, Unit::Whole, &Text::fixed(ja, en)) {
            has_changed |= blank(table, range, with)?;
        }
    }
    Some(has_changed)
}

/// Who saved the last ten versions, and where ([MS-DOC] 2.5.6).
fn saved_by(main: &mut [u8], table: &mut [u8], ledger: &mut Ledger) -> Option<bool> {
    let (start, length) = places(main, SAVED_BY)?;
    let end = start.checked_add(length).filter(|end| length > 0 && *end <= table.len())?;
    let what = Text::fixed("過去の保存者と保存場所", "who saved it before, and where");
    if !ledger.found(Category::Authors, Unit::Whole, &what) {
        return Some(false);
    }
    blank(table, start..end, &[0])?;
    blank(main, SAVED_BY + 4..SAVED_BY + 8, &[0])
}

/// Who changed it while changes were tracked; the first is nobody.
fn reviewers(main: &[u8], table: &mut [u8], ledger: &mut Ledger) -> Option<bool> {
    let (start, length) = places(main, REVIEWERS)?;
    if length == 0 {
        return None;
    }
    let with = blanks(table, start);
    let mut has_changed = false;
    for (_, range) in strings(table, start, length)?.into_iter().skip(1) {
        let what = Text::fixed("変更・コメントした人の名前", "names of those who changed it or commented");
        if says(table, &range) && ledger.found(Category::Authors, Unit::Whole, &what) {
            has_changed |= blank(table, range, with)?;
        }
    }
    Some(has_changed)
}

/// Looks for hidden and tracked text in the formatting of runs ([MS-DOC] 2.9.33).
fn formatting(main: &[u8], table: &[u8], ledger: &mut Ledger) -> Option<()> {
    let (start, length) = places(main, FORMATTING)?;
    let plc = table.get(start..start.checked_add(length)?)?;
    let count = length.checked_sub(4)? / 8;
    let (mut is_hidden, mut is_changed) = (false, false);
    for place in 0..count.min(PAGES) {
        let number = long(plc, (count + 1) * 4 + place * 4)? as usize & 0x003F_FFFF;
        let page = main.get(number.checked_mul(512)?..)?.get(..512)?;
        let runs = usize::from(*page.get(511)?);
        for run in 0..runs {
            let at = usize::from(*page.get((runs + 1) * 4 + run)?) * 2;
            if at == 0 {
                continue;
            }
            let size = usize::from(*page.get(at)?);
            let (hidden, changed) = runs_of(page.get(at + 1..(at + 1 + size).min(511))?);
            is_hidden |= hidden;
            is_changed |= changed;
        }
    }
    if is_hidden {
        kept(ledger, Category::HiddenText, Unit::Whole, "隠し文字", "hidden text");
    }
    if is_changed {
        kept(ledger, Category::Changes, Unit::Whole, "変更履歴", "tracked changes");
    }
    Some(())
}

/// Whether a run is hidden, and whether it was inserted or deleted while changes were tracked.
fn runs_of(mut modifiers: &[u8]) -> (bool, bool) {
    let (mut is_hidden, mut is_changed) = (false, false);
    while let Some(code) = short(modifiers, 0) {
        let first = modifiers.get(2).copied().unwrap_or(0);
        match code {
            0x083C => is_hidden = first == 1,
            0x0800 | 0x0801 if first == 1 => is_changed = true,
            _ => {}
        }
        // The length of what follows is in the code ([MS-DOC] 2.6.1).
        let length = match code >> 13 {
            0 | 1 => 1,
            2 | 4 | 5 => 2,
            3 => 4,
            7 => 3,
            _ => 1 + usize::from(first),
        };
        modifiers = modifiers.get(2 + length..).unwrap_or_default();
    }
    (is_hidden, is_changed)
}
