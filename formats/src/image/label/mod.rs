//! 画像. Pictures carry the label in an XMP packet (ISO 16684-1 and -3), where picture programs look for it; what is
//! seen in the picture is not touched. Protected, a picture is the bare envelope.

mod gif;
mod jpeg;
mod png;
mod scan;
mod svg;
mod tiff;
mod webp;

use std::io::Write;

use kakuzuke_core::code::Text;

use crate::ability::{Ability, Can};
use crate::detect::{Detection, State};
use crate::error::{LabelError, ReadError};
use crate::foreign::{self, ForeignLabel};
use crate::format::Format;
use crate::kind::Kind;
use crate::label::StoredLabel;
use crate::source::Source;
use crate::splice::{self, Splice};
use crate::xmp::Packet;

/// The plugin.
pub(crate) struct Image;

/// Where the packet of a picture lies, and what it is.
type Found = Result<Option<Vec<u8>>, LabelError>;
/// The changes that put a packet in.
type Changes = Result<Vec<Splice>, LabelError>;

/// One way of keeping a packet.
struct Way {
    kind: Kind,
    packet: fn(&dyn Source) -> Found,
    exchange: fn(&dyn Source, &[u8]) -> Changes,
}

const WAYS: &[Way] = &[
    Way { kind: Kind::Png, packet: png::packet, exchange: png::exchange },
    Way { kind: Kind::Jpeg, packet: jpeg::packet, exchange: jpeg::exchange },
    Way { kind: Kind::Tiff, packet: tiff::packet, exchange: tiff::exchange },
    Way { kind: Kind::Webp, packet: webp::packet, exchange: webp::exchange },
    Way { kind: Kind::Gif, packet: gif::packet, exchange: gif::exchange },
];

fn kind(head: &[u8]) -> Option<Kind> {
    match head {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some(Kind::Png),
        [0xFF, 0xD8, 0xFF, ..] => Some(Kind::Jpeg),
        [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => Some(Kind::Tiff),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Kind::Webp),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Kind::Gif),
        _ => svg::begins(head).then_some(Kind::Svg),
    }
}

fn way(source: &dyn Source) -> Result<Option<&'static Way>, LabelError> {
    let mut head = vec![0; usize::try_from(source.size().map_err(ReadError::from)?).unwrap_or(usize::MAX).min(16)];
    source.read_exact_at(0, &mut head).map_err(ReadError::from)?;
    let kind = kind(&head);
    Ok(WAYS.iter().find(|w| Some(w.kind) == kind))
}

/// Whether a file begins as an SVG picture does.
pub(crate) fn begins_svg(head: &[u8]) -> bool {
    svg::begins(head)
}

impl Format for Image {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Png, Kind::Jpeg, Kind::Tiff, Kind::Webp, Kind::Gif, Kind::Svg]
    }

    fn detect(&self, _: &dyn Source, head: &[u8]) -> Result<Option<Detection>, ReadError> {
        Ok(kind(head).map(|kind| Detection { kind, state: State::Open }))
    }

    fn read_label(&self, source: &dyn Source) -> Result<Option<StoredLabel>, LabelError> {
        let Some(way) = way(source)? else { return svg::read(source) };
        match (way.packet)(source)?.as_deref().and_then(Packet::read) {
            Some(packet) => packet.label(),
            None => Ok(None),
        }
    }

    fn foreign(&self, source: &dyn Source) -> Result<Vec<ForeignLabel>, LabelError> {
        let Some(way) = way(source)? else { return Ok(Vec::new()) };
        let packet = (way.packet)(source)?.as_deref().and_then(Packet::read);
        Ok(packet.map_or_else(Vec::new, |packet| foreign::of_pairs(&packet.words())))
    }

    fn write_label(&self, source: &dyn Source, label: &StoredLabel, out: &mut dyn Write) -> Result<(), LabelError> {
        let Some(way) = way(source)? else {
            return splice::write_label(source, svg::exchange(source, label)?, label, out);
        };
        let packet = match (way.packet)(source)? {
            Some(bytes) => Packet::read(&bytes).ok_or(LabelError::Refused(Text::fixed(
                "画像のXMPを読み取れないため、書き換えません。",
                "the picture has an XMP packet that can't be understood",
            )))?,
            None => Packet::empty().ok_or(ReadError::Damaged("the XMP packet"))?,
        };
        let packet = packet.with(Some(label))?;
        splice::write_label(source, (way.exchange)(source, &packet)?, label, out)
    }

    fn can(&self, kind: Kind, ability: Ability) -> Can {
        match (ability, kind) {
            (Ability::Label | Ability::Text, _) => Can::Yes,
            (Ability::Inspect | Ability::Sanitise, _) => Can::Yes,
            (Ability::Mark, Kind::Svg) => Can::No(Text::fixed(
                "SVGには、どの閲覧ソフトでも同じに見える文字の書き方がありません。",
                "SVG has no text that looks the same in every viewer.",
            )),
            (Ability::Mark, _) => Can::Partly(Text::fixed(
                "画素が変わるため、求められたときだけ、表示を焼き込んだ新しい画像を書きます。",
                "Pixels change: only on request, as a new picture with the marking burnt in.",
            )),
            (Ability::Wrap, _) => Can::No(crate::opaque::BARE),
        }
    }
}
