//! Excel 97–2003 ([MS-XLS]): the name of whoever saved it last is overwritten; hidden sheets, rows and remarks are reported.

use std::path::Path;

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use super::{Streams, blank, kept, short};
use crate::hidden::{Category, Ledger};
use crate::limits;
use crate::text::decode_name;

/// Cleans the workbook; `None` when it can't be read.
pub(super) fn clean(streams: &mut Streams, path: &str, ledger: &mut Ledger) -> Option<()> {
    let mut book = streams.get(path)?.to_vec();
    let is_wide = short(&book, 4)? >= 0x0600;
    let (mut at, mut names, mut sheet, mut outermost) = (0, Vec::new(), None::<usize>, 0_u32);
    for number in 0..=limits::OFFICE_RECORDS {
        if number == limits::OFFICE_RECORDS {
            return None;
        }
        let Some((kind, length)) = short(&book, at).zip(short(&book, at + 2)) else { break };
        let start = at + 4;
        let data = start..start + usize::from(length);
        let Some(bytes) = book.get(data.clone()).map(<[u8]>::to_vec) else { break };
        at = data.end;
        let unit = || match sheet.and_then(|n| names.get(n)) {
            Some(name) => Unit::Cell { sheet: String::clone(name), cell: String::new() },
            None => Unit::Whole,
        };
        match kind {
            // Encrypted.
            0x2F => return None,
            // A sheet begins, or a chart in it.
            0x0809 => {
                if outermost == 0 && !names.is_empty() {
                    sheet = Some(sheet.map_or(0, |n| n + 1));
                }
                outermost += 1;
            }
            0x000A => outermost = outermost.saturating_sub(1),
            0x0085 => names.push(listed(&bytes, is_wide, ledger)),
            0x005C => has_changed_name(&mut book, data, is_wide, ledger)?,
            0x001C => kept(ledger, Category::Comments, unit(), "コメント", "comments"),
            0x01AE if bytes.len() > 4 && bytes.get(2..4) != Some(&[1, 4]) => {
                kept(ledger, Category::Links, unit(), "ほかのブックへの参照", "references to other workbooks");
            }
            0x0208 if short(&bytes, 12).is_some_and(|flags| flags & 0x20 != 0) => {
                kept(ledger, Category::HiddenCells, unit(), "非表示の行", "hidden rows");
            }
            0x007D if short(&bytes, 8).is_some_and(|flags| flags & 1 != 0) => {
                kept(ledger, Category::HiddenCells, unit(), "非表示の列", "hidden columns");
            }
            0x004D => kept(ledger, Category::Printer, unit(), "プリンター設定", "printer settings"),
            _ => {}
        }
    }
    for name in ["User Names", "Revision Log"] {
        if streams.has(name) {
            kept(ledger, Category::Changes, Unit::Whole, "変更履歴・共有の記録", "tracked changes and sharing");
        }
    }
    if streams.has("_SX_DB_CUR") {
        kept(
            ledger,
            Category::CachedData,
            Unit::Whole,
            "ピボットテーブルの元データの写し",
            "a copy of a pivot table's source data",
        );
    }
    streams.put(Path::new(path), book);
    Some(())
}

/// The name of a sheet in the list of them ([MS-XLS] 2.4.28); notes a hidden one.
fn listed(bytes: &[u8], is_wide: bool, ledger: &mut Ledger) -> String {
    let name = bytes.get(7..).unwrap_or_default();
    let name = match name.split_first() {
        Some((1, name)) if is_wide => {
            let units: Vec<u16> =
                name.chunks_exact(2).filter_map(|b| b.try_into().ok()).map(u16::from_le_bytes).collect();
            String::from_utf16_lossy(&units)
        }
        Some((_, name)) if is_wide => name.iter().map(|b| char::from(*b)).collect(),
        _ => decode_name(name),
    };
    if bytes.get(4).is_some_and(|state| state & 3 != 0) {
        let unit = Unit::Cell { sheet: name.clone(), cell: String::new() };
        kept(ledger, Category::HiddenSheets, unit, "非表示のシート", "a hidden sheet");
    }
    name
}

/// Who saved it last ([MS-XLS] 2.4.349): 112 bytes, filled up with blanks.
fn has_changed_name(book: &mut [u8], data: std::ops::Range<usize>, is_wide: bool, ledger: &mut Ledger) -> Option<()> {
    let head = if is_wide { 3 } else { 1 };
    let text = data.start.checked_add(head).filter(|from| *from < data.end)?..data.end;
    let says = book.get(text.clone())?.iter().any(|b| !matches!(*b, 0 | b' '));
    let what = Text::fixed("最後に保存した人の名前", "the name of whoever saved it last");
    if says && ledger.found(Category::Authors, Unit::Whole, &what) {
        // No characters, and blanks behind them.
        blank(book, data.start..text.start, &[0])?;
        blank(book, text, b" ")?;
    }
    Some(())
}
