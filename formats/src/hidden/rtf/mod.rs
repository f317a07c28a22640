//! RTF 1.9: groups that are not shown go as a whole, hidden and deleted text goes out of groups that stay.

mod looks;
mod picture;
mod words;

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use super::{Category, Ledger};
use crate::error::ReadError;
use crate::limits;
use looks::{Ink, Looks, Seen};
use words::{Control, Named};

const CUT: ReadError = ReadError::Damaged("an RTF document is cut off");

/// The document without what is to go.
pub(super) fn clean(bytes: &[u8], ledger: &mut Ledger) -> Result<Vec<u8>, ReadError> {
    let mut document = Document::of(bytes, ledger);
    document.walk()?;
    Ok(document.out)
}

/// What holds in a group.
#[derive(Clone, Default)]
struct Group {
    /// Where it begins in the result, and whether a word stood open there.
    start: usize,
    was_open: bool,
    is_hidden: bool,
    is_deleted: bool,
    /// Tables and other groups whose words are nobody's text.
    is_table: bool,
    /// Nothing but `\*` stood in it so far.
    is_fresh: bool,
    /// `\*` stood in it: programs that do not know the word that follows pass over the group.
    is_starred: bool,
    /// Bytes as they are belong in it.
    holds_data: bool,
    ink: Ink,
}

struct Document<'b> {
    bytes: &'b [u8],
    ledger: &'b mut Ledger,
    at: usize,
    out: Vec<u8>,
    groups: Vec<Group>,
    /// The last thing written is a control word without an end of its own.
    is_open: bool,
    /// Something was left out since.
    has_gap: bool,
    /// What was decided on the hidden text under way.
    run: Option<bool>,
    looks: Looks,
    /// The last text was told as not seen.
    is_unseen: bool,
    /// Pictures are there as newer programs read them.
    has_pictures_of_shapes: bool,
    /// Bytes that may still be looked at beforehand.
    left: usize,
}

impl<'b> Document<'b> {
    fn of(bytes: &'b [u8], ledger: &'b mut Ledger) -> Self {
        Self {
            bytes,
            ledger,
            at: 0,
            out: Vec::with_capacity(bytes.len()),
            groups: vec![Group::default()],
            is_open: false,
            has_gap: false,
            run: None,
            looks: Looks::default(),
            is_unseen: false,
            has_pictures_of_shapes: contains(bytes, b"\\shppict"),
            left: bytes.len().saturating_mul(8),
        }
    }
}

impl Document<'_> {
    fn found(&mut self, named: Named) -> bool {
        let (category, ja, en) = named;
        self.ledger.found(category, Unit::Whole, &Text::fixed(ja, en))
    }

    fn walk(&mut self) -> Result<(), ReadError> {
        while let Some(byte) = self.bytes.get(self.at).copied() {
            match byte {
                b'{' => self.open()?,
                b'}' => {
                    self.at += 1;
                    if self.groups.len() > 1 {
                        self.groups.pop();
                    }
                    self.push(b"}", false);
                }
                b'\\' => self.control()?,
                b'\r' | b'\n' => {
                    self.at += 1;
                    self.push(&[byte], false);
                }
                _ => {
                    self.at += 1;
                    self.text(&[byte]);
                }
            }
        }
        if self.groups.len() > 1 { Err(CUT) } else { self.behind() }
    }

    /// What follows the document's end.
    fn behind(&mut self) -> Result<(), ReadError> {
        let end = self.out.iter().rposition(|b| *b == b'}').map_or(0, |at| at + 1);
        let is_data = self.out.get(end..).unwrap_or_default().iter().any(|b| !b.is_ascii_whitespace() && *b != 0);
        if is_data && self.found((Category::Leftovers, "文書の後ろのデータ", "data behind the document")) {
            self.out.truncate(end);
        }
        Ok(())
    }

    fn open(&mut self) -> Result<(), ReadError> {
        if self.groups.len() > limits::XML_DEPTH as usize {
            return Err(ReadError::Limit("groups of an RTF document"));
        }
        let mut group = self.groups.last().cloned().unwrap_or_default();
        (group.start, group.was_open, group.is_fresh) = (self.out.len(), self.is_open, true);
        group.is_starred = false;
        self.groups.push(group);
        self.at += 1;
        self.push(b"{", false);
        Ok(())
    }

    fn push(&mut self, raw: &[u8], is_open: bool) {
        self.out.extend_from_slice(raw);
        (self.is_open, self.has_gap) = (is_open, false);
    }

    /// Text that is shown, or is not.
    fn text(&mut self, raw: &[u8]) {
        if let Some(group) = self.groups.last_mut() {
            group.is_fresh = false;
        }
        if raw == b";"
            && let Some(group) = self.groups.last()
        {
            self.looks.separate(&group.ink);
        }
        if self.goes() {
            self.has_gap = true;
            return;
        }
        self.tell_unseen(raw);
        let first = raw.first().copied().unwrap_or_default();
        // It must not be read as a part of the word that stands before it now.
        if self.has_gap && self.is_open && (first.is_ascii_alphanumeric() || matches!(first, b'-' | b' ')) {
            self.out.push(b' ');
        }
        self.push(raw, false);
    }

    /// Text that stays and that nobody sees.
    fn tell_unseen(&mut self, raw: &[u8]) {
        let is_blank = raw.first().is_none_or(|b| b.is_ascii_whitespace()) || words::is_blank(raw);
        let Some(group) = self.groups.last().filter(|group| !group.is_table && !is_blank) else { return };
        let (category, ja, en) = match self.looks.seen(&group.ink) {
            _ if group.is_hidden || group.is_deleted => return,
            Seen::Yes => {
                self.is_unseen = false;
                return;
            }
            Seen::No => (Category::Unseen, "地と同じ色・極小の文字", "letters in the colour of their ground, or tiny"),
            Seen::ByStyle => (Category::HiddenText, "スタイルで隠された文字", "text that a style hides"),
        };
        if !std::mem::replace(&mut self.is_unseen, true) {
            self.ledger.kept(category, Unit::Whole, &Text::fixed(ja, en));
        }
    }

    /// Whether text that stands here is to go.
    fn goes(&mut self) -> bool {
        let Some(group) = self.groups.last() else { return false };
        if group.is_table || !(group.is_hidden || group.is_deleted) {
            self.run = None;
            return false;
        }
        if let Some(known) = self.run {
            return known;
        }
        let is_deleted = group.is_deleted;
        let named = if is_deleted {
            (Category::Changes, "削除された文", "deleted text")
        } else {
            (Category::HiddenText, "隠し文字", "hidden text")
        };
        let goes = self.found(named);
        self.run = Some(goes);
        goes
    }

    fn control(&mut self) -> Result<(), ReadError> {
        let control = Control::read(self.bytes, self.at)?;
        let start = std::mem::replace(&mut self.at, control.end);
        let raw = self.bytes.get(start..control.end).ok_or(CUT)?;
        let is_fresh = self.groups.last().is_some_and(|g| g.is_fresh);
        if control.word == "*" {
            if let Some(group) = self.groups.last_mut() {
                group.is_starred = is_fresh;
            }
            self.push(raw, false);
            return Ok(());
        }
        if is_fresh && self.groups.len() > 1 && self.destination(&control)? {
            return Ok(());
        }
        if let Some(group) = self.groups.last_mut() {
            group.is_fresh = false;
        }
        if control.is_text() {
            self.text(raw);
        } else if self.is_left_out(&control) {
            self.has_gap = true;
            // The blank behind it ended it, and may have to end what stands before it.
            if raw.ends_with(b" ") && self.is_open {
                self.push(b" ", false);
            }
        } else {
            self.formatting(&control);
            self.push(raw, !raw.ends_with(b" ") && !control.word.is_empty());
        }
        Ok(())
    }

    /// Formatting that hides what follows.
    fn formatting(&mut self, control: &Control<'_>) {
        let is_on = control.number != Some(0);
        let Some(group) = self.groups.last_mut() else { return };
        match control.word {
            "v" => group.is_hidden = is_on,
            "deleted" => group.is_deleted = is_on,
            "plain" => (group.is_hidden, group.is_deleted) = (false, false),
            _ => {}
        }
        self.looks.take(&mut group.ink, control);
        if matches!(control.word, "v" | "deleted" | "plain") {
            self.run = None;
        }
    }

    /// Whether a control word is hidden data itself.
    fn is_left_out(&mut self, control: &Control<'_>) -> bool {
        if control.word == "deleted" {
            // What it says holds on, whether it is written or not.
            self.formatting(control);
            return self.ledger.removes(Category::Changes);
        }
        if control.word == "bin" && control.number.is_some_and(|n| n > 0) {
            let holds_data = self.groups.last().is_some_and(|group| group.holds_data);
            return !holds_data && self.found((Category::Leftovers, "読まれないデータ", "data that are not read"));
        }
        match words::control(control) {
            Some(named) => self.found(named),
            None => words::is_of_changes(control.word) && self.ledger.removes(Category::Changes),
        }
    }

    /// A group that begins: whether it was dealt with as a whole.
    fn destination(&mut self, control: &Control<'_>) -> Result<bool, ReadError> {
        let mut is_unknown = false;
        if let Some(group) = self.groups.last_mut() {
            group.is_table |= words::is_table(control.word);
            group.holds_data |= words::holds_data(control.word);
            self.looks.begin(&mut group.ink, control.word);
            is_unknown = group.is_starred && !words::is_destination(control.word) && !words::is_judged(control.word);
        }
        if !is_unknown && !words::is_judged(control.word) {
            return Ok(false);
        }
        let end = self.group_end()?;
        let inside = self.bytes.get(self.at..end).unwrap_or_default();
        if control.word == "pict" {
            if self.goes() {
                self.drop_group(end);
                return Ok(true);
            }
            return self.picture(control, inside, end);
        }
        let mut all = words::group(control.word, inside);
        if is_unknown {
            all.push((Category::PrivateData, "読み飛ばされる不明なグループ", "groups that programs pass over"));
        }
        if words::is_for_old_programs(control.word) && self.has_pictures_of_shapes {
            all.push((Category::Leftovers, "旧ソフト向けの図の写し", "copies of pictures for old programs"));
        }
        // Of titles and names in tables the format itself demands two forms.
        let is_table = self.groups.last().is_some_and(|group| group.is_table);
        if let Some((category, ja, en)) = words::only_told(control.word, inside)
            && !(is_table && control.word == "upr")
        {
            self.ledger.kept(category, Unit::Whole, &Text::fixed(ja, en));
        }
        // All that is said of it must go for it to go.
        let goes =
            all.into_iter().map(|named| self.found(named)).fold(None, |all, one| Some(all.unwrap_or(true) && one));
        if goes == Some(true) {
            self.drop_group(end);
        }
        Ok(goes == Some(true))
    }

    /// Takes back what was written of the group under way, and goes on behind it.
    fn drop_group(&mut self, end: usize) {
        if let Some(group) = self.groups.pop() {
            self.out.truncate(group.start);
            (self.is_open, self.has_gap) = (group.was_open, true);
        }
        self.at = end;
    }

    /// A picture that is written anew, with what stands beside it in its group.
    fn picture(&mut self, control: &Control<'_>, inside: &[u8], end: usize) -> Result<bool, ReadError> {
        let Some(picture::Cleaned { head, digits }) = picture::clean(inside, self.ledger) else { return Ok(false) };
        let word = self.bytes.get(control.start..control.end).unwrap_or_default();
        let group = [b"{", word, &head, b"}"].concat();
        let mut beside = Document::of(&group, self.ledger);
        (beside.has_pictures_of_shapes, beside.left) = (self.has_pictures_of_shapes, self.left);
        beside.walk()?;
        let (out, left) = (beside.out, beside.left);
        self.left = left;
        let inner = out.strip_prefix(b"{").and_then(|out| out.strip_suffix(b"}")).ok_or(CUT)?;
        self.push(inner, false);
        self.push(&digits, false);
        self.push(b"}", false);
        self.groups.pop();
        self.at = end;
        Ok(true)
    }

    /// The place behind the group under way.
    fn group_end(&mut self) -> Result<usize, ReadError> {
        let (mut at, mut depth) = (self.at, 1_u32);
        loop {
            match self.bytes.get(at).ok_or(CUT)? {
                b'{' => depth += 1,
                b'}' => depth -= 1,
                b'\\' => {
                    at = Control::read(self.bytes, at)?.end;
                    continue;
                }
                _ => {}
            }
            at += 1;
            if depth == 0 {
                self.left = self.left.checked_sub(at - self.at).ok_or(ReadError::Limit("groups of an RTF document"))?;
                return Ok(at);
            }
        }
    }
}

fn contains(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}
