//! リッチテキスト. RTF 1.9: text files of it, and the bodies of Outlook messages that are kept in it.

use kakuzuke_core::passage::{Part, Unit};

use super::{Halt, Reading};
use crate::error::ReadError;
use crate::limits;

/// Groups whose words are not the document's: tables of fonts and styles, pictures, data of objects.
const GONE: &[&str] = &[
    "fonttbl",
    "colortbl",
    "stylesheet",
    "pict",
    "objdata",
    "themedata",
    "colorschememapping",
    "datastore",
    "listtable",
    "listoverridetable",
    "rsidtbl",
    "generator",
    "latentstyles",
    "xmlnstbl",
    "bin",
    "blipuid",
    "filetbl",
    "revtbl",
];

/// What holds in a group.
#[derive(Clone)]
struct Group {
    part: Part,
    is_gone: bool,
    is_hidden: bool,
    is_deleted: bool,
    /// Bytes that follow a Unicode character for programs that do not know those.
    fallback: usize,
}

/// Says everything that is written in a document.
pub(super) fn read(bytes: &[u8], reading: &mut Reading<'_>) -> Result<(), Halt> {
    let group = Group { part: Part::Body, is_gone: false, is_hidden: false, is_deleted: false, fallback: 1 };
    let mut document = Document {
        bytes,
        at: 0,
        group,
        groups: Vec::new(),
        text: Vec::new(),
        pending: Vec::new(),
        page: 1252,
        skip: 0,
        number: 1,
        said: Part::Body,
    };
    document.run(reading)
}

struct Document<'b> {
    bytes: &'b [u8],
    at: usize,
    group: Group,
    groups: Vec<Group>,
    text: Vec<u16>,
    /// Bytes of the code page that are not decoded yet: a character may take two.
    pending: Vec<u8>,
    page: u16,
    skip: usize,
    number: u32,
    /// What the text under way is.
    said: Part,
}

impl Document<'_> {
    fn run(&mut self, reading: &mut Reading<'_>) -> Result<(), Halt> {
        while let Some(byte) = self.bytes.get(self.at).copied() {
            self.at += 1;
            if matches!(byte, b'{' | b'}') {
                // What stands for a `\u` ends with its group.
                self.skip = 0;
            }
            match byte {
                b'{' => {
                    if self.groups.len() >= limits::XML_DEPTH as usize {
                        return Err(ReadError::Limit("groups of an RTF document").into());
                    }
                    self.groups.push(self.group.clone());
                }
                b'}' => {
                    self.turn(reading)?;
                    if let Some(group) = self.groups.pop() {
                        self.group = group;
                    }
                }
                b'\\' => self.control(reading)?,
                b'\r' | b'\n' => {}
                other => self.byte(other, reading)?,
            }
        }
        self.flush(reading)
    }

    /// What a run of text is said as.
    fn part(&self) -> Part {
        if self.group.is_deleted {
            Part::Deleted
        } else if self.group.is_hidden {
            Part::Hidden
        } else {
            self.group.part.clone()
        }
    }

    /// Ends the text under way where another part begins.
    fn turn(&mut self, reading: &mut Reading<'_>) -> Result<(), Halt> {
        if self.said != self.part() { self.flush(reading) } else { Ok(()) }
    }

    fn byte(&mut self, byte: u8, reading: &mut Reading<'_>) -> Result<(), Halt> {
        if self.skip > 0 {
            self.skip -= 1;
            return Ok(());
        }
        if !self.group.is_gone {
            self.turn(reading)?;
            self.said = self.part();
            self.pending.push(byte);
        }
        Ok(())
    }

    fn settle(&mut self) {
        if !self.pending.is_empty() {
            let words = super::encoding::paged(&std::mem::take(&mut self.pending), self.page);
            self.text.extend(words.encode_utf16());
        }
    }

    fn flush(&mut self, reading: &mut Reading<'_>) -> Result<(), Halt> {
        self.settle();
        let words = String::from_utf16_lossy(&std::mem::take(&mut self.text));
        let next = self.part();
        let part = std::mem::replace(&mut self.said, next);
        let unit = if part == Part::Body { Unit::Paragraph(self.number) } else { Unit::Whole };
        reading.say(unit, part, &words)
    }

    fn control(&mut self, reading: &mut Reading<'_>) -> Result<(), Halt> {
        let Some(first) = self.bytes.get(self.at).copied() else { return Ok(()) };
        if !first.is_ascii_alphabetic() {
            self.at += 1;
            return match first {
                b'\'' => {
                    let digits = self.bytes.get(self.at..self.at + 2).and_then(|d| std::str::from_utf8(d).ok());
                    self.at += 2;
                    self.byte(digits.and_then(|d| u8::from_str_radix(d, 16).ok()).unwrap_or(b'?'), reading)
                }
                b'*' => {
                    self.group.is_gone |= !self.is_read();
                    Ok(())
                }
                b'~' => self.byte(b' ', reading),
                b'_' => self.byte(b'-', reading),
                b'\\' | b'{' | b'}' => self.byte(first, reading),
                _ => Ok(()),
            };
        }
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = rest.iter().take(32).take_while(|b| b.is_ascii_alphabetic()).count();
        let word = String::from_utf8_lossy(rest.get(..length).unwrap_or_default()).into_owned();
        let digits: String = rest
            .iter()
            .skip(length)
            .take(11)
            .enumerate()
            .take_while(|(i, b)| b.is_ascii_digit() || *i == 0 && **b == b'-')
            .map(|(_, b)| char::from(*b))
            .collect();
        self.at += length + digits.len();
        if self.bytes.get(self.at) == Some(&b' ') {
            self.at += 1;
        }
        self.word(&word, digits.parse().ok(), reading)
    }

    /// Whether the group that begins with `\*` is read all the same.
    fn is_read(&self) -> bool {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        const READ: &[&[u8]] = &[
            b"\\shptxt",
            b"\\annotation",
            b"\\atnauthor",
            b"\\shpinst",
            b"\\company",
            b"\\manager",
            b"\\fldinst",
            b"\\footnote",
            b"\\ud",
        ];
        READ.iter().any(|word| rest.starts_with(word))
    }

    fn word(&mut self, word: &str, value: Option<i32>, reading: &mut Reading<'_>) -> Result<(), Halt> {
        let is_on = value != Some(0);
        match word {
            "par" | "sect" | "page" | "row" | "cell" | "line" => {
                self.flush(reading)?;
                let is_body = self.group.part == Part::Body && !self.group.is_gone;
                self.number = self.number.saturating_add(u32::from(word == "par" && is_body));
            }
            "tab" => self.byte(b'\t', reading)?,
            "u" => {
                self.turn(reading)?;
                self.settle();
                if !self.group.is_gone {
                    self.said = self.part();
                    self.text.push(value.unwrap_or(63) as u16);
                }
                self.skip = self.group.fallback;
            }
            "uc" => self.group.fallback = value.and_then(|n| usize::try_from(n).ok()).unwrap_or(1),
            "ansicpg" => self.page = value.and_then(|n| u16::try_from(n).ok()).unwrap_or(1252),
            "fcharset" | "f" => self.settle(),
            "bin" => self.at = self.at.saturating_add(value.and_then(|n| usize::try_from(n).ok()).unwrap_or(0)),
            "v" => self.group.is_hidden = is_on,
            "deleted" => self.group.is_deleted = is_on,
            "plain" => (self.group.is_hidden, self.group.is_deleted) = (false, false),
            "header" | "headerl" | "headerr" | "headerf" => self.group.part = Part::Header,
            "footer" | "footerl" | "footerr" | "footerf" => self.group.part = Part::Footer,
            "footnote" => self.group.part = Part::Footnote,
            "annotation" | "atnauthor" => self.group.part = Part::Comment,
            "shptxt" => self.group.part = Part::Shape,
            "fldinst" => self.group.is_hidden = true,
            "title" | "subject" | "author" | "keywords" | "doccomm" | "company" | "manager" | "operator"
            | "category" => {
                self.group.part = Part::Property(word.to_owned());
            }
            gone if GONE.contains(&gone) => self.group.is_gone = true,
            _ => {}
        }
        Ok(())
    }
}

/// The text that packed RTF starts from ([MS-OXRTFCP] 2.1.2.1).
const BEGIN: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \
\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

/// Unpacks the body of an Outlook message ([MS-OXRTFCP] 2.2).
pub(crate) fn unpack(bytes: &[u8]) -> Result<Vec<u8>, ReadError> {
    const BROKEN: ReadError = ReadError::Damaged("a packed body of a message");
    let number = |at: usize| bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes);
    let (length, kind) = (number(4).ok_or(BROKEN)?, number(8).ok_or(BROKEN)?);
    let data = bytes.get(16..).ok_or(BROKEN)?;
    if kind == 0x414C_454D {
        return Ok(data.to_vec());
    }
    if u64::from(length) > limits::TEXT_PART || kind != 0x7546_5A4C {
        return Err(BROKEN);
    }
    let mut window = [0_u8; 4096];
    window.iter_mut().zip(BEGIN).for_each(|(to, from)| *to = *from);
    let (mut out, mut place, mut rest) = (Vec::new(), BEGIN.len(), data.iter().copied());
    let mut put = |window: &mut [u8; 4096], byte: u8, out: &mut Vec<u8>| {
        if let Some(to) = window.get_mut(place % 4096) {
            *to = byte;
        }
        place += 1;
        out.push(byte);
        place % 4096
    };
    let mut at = BEGIN.len();
    while let Some(flags) = rest.next() {
        for bit in 0..8 {
            let Some(first) = rest.next() else { return Ok(out) };
            if flags >> bit & 1 == 0 {
                at = put(&mut window, first, &mut out);
                continue;
            }
            let Some(second) = rest.next() else { return Ok(out) };
            let pair = usize::from(first) << 8 | usize::from(second);
            let (from, count) = (pair >> 4, (pair & 0xF) + 2);
            if from == at || out.len() > length as usize {
                return Ok(out);
            }
            for step in 0..count {
                let byte = window.get((from + step) % 4096).copied().unwrap_or(0);
                at = put(&mut window, byte, &mut out);
            }
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::unpack;

    #[test]
    fn the_example_of_the_specification_is_unpacked() {
        // [MS-OXRTFCP] 3.2.1.
        let packed: [u8; 49] = [
            0x2D, 0x00, 0x00, 0x00, 0x2B, 0x00, 0x00, 0x00, 0x4C, 0x5A, 0x46, 0x75, 0xF1, 0xC5, 0xC7, 0xA7, 0x03, 0x00,
            0x0A, 0x00, 0x72, 0x63, 0x70, 0x67, 0x31, 0x32, 0x35, 0x42, 0x32, 0x0A, 0xF3, 0x20, 0x68, 0x65, 0x6C, 0x09,
            0x00, 0x20, 0x62, 0x77, 0x05, 0xB0, 0x6C, 0x64, 0x7D, 0x0A, 0x80, 0x0F, 0xA0,
        ];
        let unpacked = unpack(&packed).ok();
        assert_eq!(unpacked.as_deref(), Some(b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n".as_slice()));
        assert!(unpack(&packed[..10]).is_err());
    }
}
