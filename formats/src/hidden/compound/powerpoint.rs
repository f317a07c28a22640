//! PowerPoint 97–2003 ([MS-PPT]): the user's name is overwritten; notes, remarks, hidden slides and earlier versions are
//! reported.

use std::path::Path;

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use super::{Streams, blank, kept, long, short};
use crate::hidden::{Category, Ledger};
use crate::limits;

/// Cleans the presentation; `None` when it can't be read.
pub(super) fn clean(streams: &mut Streams, ledger: &mut Ledger) -> Option<()> {
    let main = streams.get("/PowerPoint Document")?;
    let (mut at, mut versions, mut is_noted) = (0, 0_u32, false);
    let mut is_locked = false;
    for number in 0..=limits::OFFICE_RECORDS {
        if number == limits::OFFICE_RECORDS {
            return None;
        }
        let Some((head, kind)) = short(main, at).zip(short(main, at + 2)) else { break };
        let length = long(main, at + 4)? as usize;
        let data = main.get(at + 8..).unwrap_or_default();
        match kind {
            0x0FF5 => versions += 1,
            0x2F14 => is_locked = true,
            0x2EE0 => kept(ledger, Category::Comments, Unit::Whole, "コメント", "comments"),
            // SlideShowSlideInfoAtom: its third flag hides the slide.
            0x03F9 if data.get(10).is_some_and(|flags| flags & 0x04 != 0) => {
                kept(ledger, Category::HiddenSlides, Unit::Whole, "非表示のスライド", "a hidden slide");
            }
            0x03F0 => is_noted = true,
            0x0FCC | 0x1011 | 0x0FEE => {
                kept(ledger, Category::Objects, Unit::Whole, "埋込みオブジェクト", "an embedded object")
            }
            _ => {}
        }
        // Containers are walked into.
        at = at.checked_add(8)?.checked_add(if head & 0xF == 0xF { 0 } else { length })?;
    }
    if is_locked {
        return None;
    }
    if versions > 1 {
        kept(
            ledger,
            Category::Revisions,
            Unit::Whole,
            "保存のたびに残った以前の版",
            "earlier versions that saving left",
        );
    }
    if is_noted {
        kept(ledger, Category::Notes, Unit::Whole, "ノート", "notes");
    }
    user(streams, ledger);
    Some(())
}

/// Who saved it last ([MS-PPT] 2.3.2): in narrow characters, and perhaps in wide ones.
fn user(streams: &mut Streams, ledger: &mut Ledger) -> Option<()> {
    let mut stream = streams.get("/Current User")?.to_vec();
    let length = usize::from(short(&stream, 20)?);
    let narrow = 28..28_usize.checked_add(length)?;
    let wide = narrow.end + 4..stream.len().max(narrow.end + 4);
    let says = stream.get(narrow.clone())?.iter().any(|b| !matches!(*b, 0 | b' '));
    let what = Text::fixed("最後に保存した人の名前", "the name of whoever saved it last");
    if says && ledger.found(Category::Authors, Unit::Whole, &what) {
        blank(&mut stream, narrow, b" ")?;
        if wide.end <= stream.len() {
            blank(&mut stream, wide, &[b' ', 0])?;
        }
        streams.put(Path::new("/Current User"), stream);
    }
    Some(())
}
