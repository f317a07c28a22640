//! PNG (ISO/IEC 15948): the packet is an iTXt chunk with the keyword of XMP (ISO 16684-3).

use std::io::Read;
use std::ops::Range;

use kakuzuke_core::code::Text;

use super::scan::{CUT, Scan};
use super::{Changes, Found};
use crate::error::{LabelError, ReadError};
use crate::limits;
use crate::source::Source;
use crate::splice::Splice;

const KEYWORD: &[u8; 18] = b"XML:com.adobe.xmp\0";
/// Where the first chunk may go: behind the signature and IHDR.
const AFTER_HEADER: u64 = 8 + 25;

/// The chunk with the packet.
fn find(source: &dyn Source) -> Result<Option<Range<u64>>, LabelError> {
    let mut scan = Scan::new(source, 8)?;
    // Of 13 bytes, or there is no telling what lies behind it.
    if &scan.peek::<8>()? != b"\0\0\0\x0dIHDR" {
        return Err(ReadError::Damaged("a PNG does not begin with its header").into());
    }
    let mut found = None;
    loop {
        scan.count()?;
        let start = scan.at;
        let [a, b, c, d, name @ ..] = scan.take::<8>()?;
        let length = u64::from(u32::from_be_bytes([a, b, c, d]));
        if &name == b"iTXt" && length >= 18 && &scan.peek::<18>()? == KEYWORD {
            if found.is_some() {
                return Err(LabelError::Malformed("two XMP packets"));
            }
            found = Some(start..start + length + 12);
        }
        scan.skip(length + 4)?;
        if &name == b"IEND" || scan.at == scan.size() {
            return Ok(found);
        }
    }
}

/// The packet of a picture.
pub(super) fn packet(source: &dyn Source) -> Found {
    let Some(chunk) = find(source)? else { return Ok(None) };
    let data = Scan::new(source, 0)?.packet(chunk.start + 8 + 18..chunk.end - 4)?;
    let [compressed, method, rest @ ..] = data.as_slice() else { return Err(CUT.into()) };
    let mut fields = rest.splitn(3, |b| *b == 0).skip(2);
    let text = fields.next().ok_or(CUT)?;
    match (compressed, method) {
        (0, _) => Ok(Some(text.to_vec())),
        (1, 0) => {
            let mut packet = Vec::new();
            let mut inflating = flate2::read::ZlibDecoder::new(text).take(limits::IMAGE_PACKET + 1);
            inflating.read_to_end(&mut packet).map_err(|_| ReadError::Damaged("an XMP packet"))?;
            if packet.len() as u64 > limits::IMAGE_PACKET {
                return Err(ReadError::Limit("an XMP packet").into());
            }
            Ok(Some(packet))
        }
        _ => Err(ReadError::Damaged("an XMP packet").into()),
    }
}

/// The changes that put a packet in.
pub(super) fn exchange(source: &dyn Source, packet: &[u8]) -> Changes {
    let at = find(source)?.unwrap_or(AFTER_HEADER..AFTER_HEADER);
    let data = [KEYWORD.as_slice(), &[0, 0, 0, 0], packet].concat();
    let length = u32::try_from(data.len())
        .map_err(|_| LabelError::Refused(Text::fixed("格付の記録が長すぎます。", "the label is too long")))?;
    let mut sum = crc32fast::Hasher::new();
    sum.update(b"iTXt");
    sum.update(&data);
    let chunk = [&length.to_be_bytes(), b"iTXt".as_slice(), &data, &sum.finalize().to_be_bytes()].concat();
    Ok(vec![Splice::replace(at, chunk)])
}
