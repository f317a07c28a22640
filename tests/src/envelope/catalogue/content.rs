//! Section 7: metadata and payload.

use kakuzuke_core::cbor;
use kakuzuke_core::crypto::chunked::{self, ChunkedKey, InputKey, Run, Salt};
use kakuzuke_core::crypto::{HashAlgorithm, Secret, pure, role};

use super::super::parts::cut;
use super::super::seeded::Seeded;
use super::super::value::Value;
use super::super::vector::hex;
use super::{Made, Sealed};

/// Bytes of a sealed full chunk.
const CHUNK: usize = 16_400;
/// Where the first chunk begins.
const FIRST: usize = 56;

fn expand<R: InputKey>(key: &[u8], purpose: &str) -> Secret<32, R> {
    Secret::try_from_fill(|out: &mut [u8; 32]| {
        pure().hkdf_expand(HashAlgorithm::Sha512, key, &[purpose.as_bytes()], out)
    })
    .expect("a key")
}

fn context(sealed: &Sealed, purpose: &str) -> Vec<u8> {
    [purpose.as_bytes().to_vec(), cbor::encode(&(sealed.section.document(), 1u8))].concat()
}

/// The chunk a reader makes in place of the first one: the key and the nonces are the reader's to use.
pub(super) fn chunk_by_reader(sealed: &Sealed, payload: &[u8]) -> Vec<u8> {
    let salt = Salt::from_bytes(payload[..24].try_into().expect("24 bytes"));
    let key: Secret<32, role::PayloadKey> = expand(&sealed.key, "kakuzuke/v1/payload");
    let key = ChunkedKey::new(pure(), &key, salt, &context(sealed, "kakuzuke/v1/payload")).expect("a key");
    let mut out = vec![0; CHUNK];
    key.seal_run(0, &[b'!'; 16_384], &mut out, Run::Inner).expect("sealed");
    out
}

fn sealed_metadata(sealed: &Sealed, plain: &Value) -> Vec<u8> {
    let key: Secret<32, role::MetadataKey> = expand(&sealed.key, "kakuzuke/v1/metadata");
    let context = context(sealed, "kakuzuke/v1/metadata");
    chunked::seal(pure(), &key, &context, &plain.encode(), &mut Seeded::new("metadata")).expect("sealed")
}

pub(super) fn vectors() -> Vec<Made> {
    let chunks = Sealed::chunks();
    let bare = Sealed::chunks_of_integrity_1();
    let other = super::Sealing::new("other", kakuzuke_core::crypto::KeySuite::Kz1, "C2I2A2", 40_000).seal();
    let of = |sealed: &Sealed, name: &str, clauses: &str, fact: &str, refusal: &str, edit: &dyn Fn(&mut Vec<u8>)| {
        sealed.altered(&format!("content-{name}"), clauses, fact, |p| edit(&mut p.payload)).refused(refusal)
    };
    let swap = |p: &mut Vec<u8>| {
        let (first, second) = p[FIRST..].split_at_mut(CHUNK);
        first.swap_with_slice(&mut second[..CHUNK]);
    };
    let drop_chunk = |p: &mut Vec<u8>| drop(p.drain(FIRST + CHUNK..FIRST + 2 * CHUNK));
    let flip = |at: usize| move |p: &mut Vec<u8>| p[at] ^= 1;
    vec![
        chunks
            .opening("content-other-key", "82", "The licence's key is another one.", chunks.bytes.clone())
            .change(|v| v.licence.as_mut().expect("a licence").key = Some(hex([7; 32])))
            .refused("commitment-mismatch"),
        of(&chunks, "salt", "82", "One bit of the salt is changed.", "commitment-mismatch", &flip(0)),
        of(&chunks, "commitment", "82", "One bit of the commitment is changed.", "commitment-mismatch", &flip(55)),
        of(&chunks, "of-other-document", "82", "The payload is another document's.", "commitment-mismatch", &|p| {
            *p = other.parts().payload;
        }),
        chunks
            .altered(
                "content-of-other-document-with-key",
                "82",
                "Payload and key are another document's: its key commits to that document.",
                |p| {
                    p.payload = other.parts().payload;
                },
            )
            .change(|v| v.licence.as_mut().expect("a licence").key = Some(hex(&other.key)))
            .refused("commitment-mismatch"),
        chunks
            .altered(
                "content-commitment-before-metadata",
                "82 10",
                "Commitment and metadata are damaged: the payload's commitment is checked first.",
                |p| {
                    p.payload[55] ^= 1;
                    p.metadata[60] ^= 1;
                },
            )
            .refused("commitment-mismatch"),
        of(
            &bare,
            "first-chunk",
            "84",
            "One bit of the first chunk is changed; there is no trailer.",
            "chunk-damaged",
            &flip(FIRST),
        ),
        of(
            &bare,
            "middle-tag",
            "84",
            "One bit of the second chunk's tag is changed; there is no trailer.",
            "chunk-damaged",
            &flip(FIRST + 2 * CHUNK - 1),
        ),
        of(&bare, "swapped", "84", "Two chunks have changed places; there is no trailer.", "chunk-damaged", &swap),
        of(
            &bare,
            "doubled",
            "83",
            "The second chunk stands there twice; there is no trailer.",
            "chunk-damaged",
            &|p| {
                let second = p[FIRST + CHUNK..FIRST + 2 * CHUNK].to_vec();
                p.splice(FIRST + CHUNK..FIRST + CHUNK, second);
            },
        ),
        of(&bare, "dropped", "83", "The second chunk is missing; there is no trailer.", "chunk-damaged", &drop_chunk),
        of(&bare, "cut", "83", "The last chunk is cut; there is no trailer.", "chunk-damaged", &|p| cut(p)),
        of(&bare, "longer", "83", "A byte follows the last chunk; there is no trailer.", "chunk-damaged", &|p| {
            p.push(0)
        }),
        of(
            &bare,
            "chunk-of-other-document",
            "84",
            "A chunk is another document's; there is no trailer.",
            "chunk-damaged",
            &|p| {
                p[FIRST..FIRST + CHUNK].copy_from_slice(&other.parts().payload[FIRST..FIRST + CHUNK]);
            },
        ),
        of(&chunks, "final-chunk", "83", "One bit of the last chunk is changed.", "chunk-damaged", &|p| {
            let last = p.len() - 20;
            p[last] ^= 1;
        }),
        of(&chunks, "piece", "65", "One bit of the first chunk is changed.", "piece-not-signed", &flip(FIRST)),
        of(&chunks, "pieces-swapped", "65", "Two chunks have changed places.", "piece-not-signed", &swap),
        of(&chunks, "dropped-under-trailer", "63", "The second chunk is missing.", "core-mismatch", &drop_chunk),
        of(
            &chunks,
            "piece-by-reader",
            "65",
            "A reader has sealed the first chunk anew with the key.",
            "piece-not-signed",
            &|p| {
                let chunk = chunk_by_reader(&chunks, p);
                p[FIRST..FIRST + CHUNK].copy_from_slice(&chunk);
            },
        ),
        of(
            &Sealed::clear(),
            "clear-piece",
            "65",
            "One bit of a clear payload is changed.",
            "piece-not-signed",
            &flip(0),
        ),
        of(&Sealed::clear(), "clear-longer", "63", "A byte follows a clear payload.", "core-mismatch", &|p| p.push(0)),
    ]
}

pub(super) fn metadata_vectors() -> Vec<Made> {
    let (small, clear) = (Sealed::small(), Sealed::clear());
    let other = super::Sealing::new("other", kakuzuke_core::crypto::KeySuite::Kz1, "C2I2A2", 600).seal();
    let damaged = |name: &str, fact: &str, edit: &dyn Fn(&mut Vec<u8>)| {
        small.altered(&format!("metadata-{name}"), "52", fact, |p| edit(&mut p.metadata)).refused("metadata-damaged")
    };
    let says = |name: &str, clauses: &str, fact: &str, refusal: &str, edit: &dyn Fn(&mut Value)| {
        let draft = clear.altered(&format!("metadata-{name}"), clauses, fact, |p| {
            let mut value = Value::parse(&p.metadata);
            edit(&mut value);
            p.metadata = value.encode();
        });
        draft.refused(refusal)
    };
    let text = |t: &str| Value::Text(t.to_owned());
    let named =
        |name: &str, fact: &str, value: &str| says(name, "51", fact, "metadata-name", &|v| *v.at(0) = text(value));
    vec![
        damaged("salt", "One bit of the metadata's salt is changed.", &|m| m[0] ^= 1),
        damaged("commitment", "One bit of the metadata's commitment is changed.", &|m| m[30] ^= 1),
        damaged("ciphertext", "One bit of the encrypted metadata is changed.", &|m| m[60] ^= 1),
        damaged("cut", "The metadata lacks a byte.", &|m| cut(m)),
        damaged("longer", "A byte follows the metadata.", &|m| m.push(0)),
        damaged("missing", "There is no metadata.", &|m| m.clear()),
        damaged("of-other-document", "The metadata is another document's.", &|m| *m = other.parts().metadata),
        small
            .altered("metadata-encrypted-shape", "50", "The decrypted metadata has a key 3.", |p| {
                let plain = Value::Map((0..4).map(|n| (Value::Int(n), text("x"))).collect());
                p.metadata = sealed_metadata(&small, &plain);
            })
            .refused("metadata-cbor"),
        small
            .altered("metadata-by-reader", "63", "A reader has sealed other metadata with the key.", |p| {
                let plain = Value::Map((0..2).map(|n| (Value::Int(n), text("x"))).collect());
                p.metadata = sealed_metadata(&small, &plain);
            })
            .refused("core-mismatch"),
        says("key-3", "50", "The metadata has a key 3.", "metadata-cbor", &|v| v.set(3, Value::Int(0))),
        says("no-name", "50", "The metadata has no name.", "metadata-cbor", &|v| v.remove(0)),
        says("null-title", "50", "The title is null instead of absent.", "metadata-cbor", &|v| {
            v.set(2, Value::Raw(vec![0xf6]))
        }),
        says("not-utf-8", "50", "The title is no UTF-8.", "metadata-cbor", &|v| v.set(2, Value::Raw(vec![0x61, 0xff]))),
        named("name-empty", "The name is empty.", ""),
        named("name-dot", "The name is one dot.", "."),
        named("name-dots", "The name is two dots.", ".."),
        named("name-path", "The name has a slash.", "../etc/passwd"),
        named("name-backslash", "The name has a backslash.", "..\\autorun.inf"),
        named("name-newline", "The name has a line feed.", "a\nb.txt"),
        named("name-c1", "The name has U+009B, a control character.", "a\u{9b}b.txt"),
        named("name-long", "The name has 4,097 bytes.", &"x".repeat(4097)),
        says("media-type-control", "51", "The media type has a line feed.", "metadata-text", &|v| {
            *v.at(1) = text("text/plain\n")
        }),
        says("title-long", "51", "The title has 4,097 bytes.", "metadata-text", &|v| v.set(2, text(&"x".repeat(4097)))),
        says("changed", "63", "The name of a clear document is changed.", "core-mismatch", &|v| {
            *v.at(0) = text("他.txt")
        }),
    ]
}
