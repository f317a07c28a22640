//! The envelope. What is accepted writes itself again to the same bytes, and content is the author's or none.

use std::sync::OnceLock;

use kakuzuke_core::cose::{Domain, UnverifiedSign1};
use kakuzuke_core::crypto::{fast, pure};
use kakuzuke_core::envelope::{
    DetachedSealer, Preamble, UnverifiedCore, UnverifiedHead, UnverifiedLabel, verify_detached,
};
use kakuzuke_core::trust::Anchors;
use rustls_pki_types::CertificateDer;

use crate::envelope::attempt::attempt;
use crate::envelope::catalogue::{Sealed, Sealing};
use crate::envelope::parts::Parts;
use crate::envelope::seeded::Seeded;
use crate::envelope::vector;
use crate::envelope::world::{self, AT};

struct Stage {
    small: Sealed,
    clear: Sealed,
    native: Vec<u8>,
    signature_file: Vec<u8>,
    anchors: Anchors,
}

fn stage() -> &'static Stage {
    static STAGE: OnceLock<Stage> = OnceLock::new();
    STAGE.get_or_init(|| {
        let small = Sealed::small();
        let mut rng = Seeded::new("detached");
        let (author, native) = (small.world.signatory(), world::content(40_000));
        let (standing, label) = (small.world.standing("detached"), world::label("C1I2A1", "sato"));
        let mut sealer = DetachedSealer::new(pure(), &standing, label, &author, &mut rng).expect("a sealer");
        sealer.push(&native).expect("taken");
        let signature_file = sealer.finish(&author, &mut rng).expect("signed");
        let anchors = small.world.anchors();
        Stage { small, clear: Sealed::clear(), native, signature_file, anchors }
    })
}

/// A head of any length.
pub fn head(bytes: &[u8]) {
    if let Ok(preamble) = Preamble::parse(bytes) {
        assert_eq!(preamble.to_bytes(), bytes[..32], "a preamble is written in one way");
    }
    let (one, other) = (UnverifiedHead::parse(pure(), bytes), UnverifiedHead::parse(fast(), bytes));
    assert_eq!(one, other, "the providers agree");
    if let Ok(head) = one
        && let Ok(verified) = head.verify(fast(), &stage().anchors, AT)
    {
        let written = verified.edit().overwrite(verified.preamble()).expect("it did fit");
        assert_eq!(written, bytes, "a head is written in one way");
    }
}

/// A label section.
pub fn label(bytes: &[u8]) {
    if let Ok(label) = UnverifiedLabel::parse(fast(), bytes) {
        assert_eq!(label.as_bytes(), bytes);
        drop(label.verify(fast(), &stage().anchors, AT));
    }
}

/// A COSE_Sign1.
pub fn cose(bytes: &[u8]) {
    if let Ok(signed) = UnverifiedSign1::parse(bytes, Domain::REQUEST) {
        assert_eq!(signed.encode(), bytes, "a signed object is written in one way");
        let _outcome = stage().anchors.verify(fast(), &signed, AT);
    }
}

/// A signed core.
pub fn core(bytes: &[u8]) {
    if let Ok(core) = UnverifiedCore::parse(bytes) {
        assert_eq!(core.as_bytes(), bytes);
        drop(core.verify(fast(), &stage().anchors, AT, &stage().small.section));
    }
}

/// A whole file, opened with everything that opens an encrypted document.
pub fn opener(bytes: &[u8]) {
    if let Ok(content) = attempt(fast(), &stage().small, &bytes.to_vec()) {
        let known = [&stage().small.content, &stage().clear.content];
        assert!(known.contains(&&content), "content that nobody sealed");
    }
}

/// A whole file, opened without key.
pub fn opener_clear(bytes: &[u8]) {
    opener(bytes);
}

/// What follows the head of a good clear document.
pub fn trailer(bytes: &[u8]) {
    let parts = stage().clear.parts();
    opener(&[&stage().clear.bytes[..parts.head_len + parts.metadata.len()], bytes].concat());
}

/// A metadata section in an otherwise good clear document.
pub fn metadata(bytes: &[u8]) {
    if bytes.len() <= 65_536 {
        let parts = Parts { metadata: bytes.to_vec(), ..stage().clear.parts() };
        opener(&parts.join());
    }
}

/// A signature file beside a native one.
pub fn detached(bytes: &[u8]) {
    let stage = stage();
    let bytes = bytes.to_vec();
    let Ok(head) = UnverifiedHead::read(fast(), &bytes) else { return };
    let Ok(head) = head.verify(fast(), &stage.anchors, AT) else { return };
    if verify_detached(fast(), &bytes, &head, &stage.native, world::belief(&stage.anchors)).is_ok() {
        assert!(bytes == stage.signature_file, "a signature that nobody made");
    }
}

/// A certificate.
pub fn certificate(bytes: &[u8]) {
    let der = CertificateDer::from(bytes.to_vec());
    drop(Anchors::new(fast(), [&der]));
    let author = &stage().small.world.author.chain[0];
    if let Ok(signer) = stage().anchors.verify_chain(fast(), std::slice::from_ref(&der), AT) {
        assert_eq!(signer.device(), stage().small.section.author(), "a signer whom nobody certified");
        assert_eq!(&der, author);
    }
}

fn vectors(wanted: fn(&str) -> bool) -> Vec<Vec<u8>> {
    let folder = vector::folder();
    let names = vector::names(&folder).into_iter().filter(|name| wanted(name));
    names.map(|name| std::fs::read(folder.join(format!("{name}.kkz"))).expect("a vector")).collect()
}

fn good() -> Vec<Vec<u8>> {
    let mut files = vectors(|name| name.starts_with("good-") && !name.contains("two-nodes"));
    files.extend(vectors(|name| name.starts_with("countersignature-good") || name == "evidence-sixty-four"));
    files
}

/// Heads of every suite.
pub fn heads() -> Vec<Vec<u8>> {
    let head = |file: Vec<u8>| file[..Parts::split(&file).head_len].to_vec();
    good().into_iter().map(head).collect()
}

/// Label sections.
pub fn labels() -> Vec<Vec<u8>> {
    good().iter().map(|file| Parts::split(file).label).collect()
}

/// Signed cores.
pub fn cores() -> Vec<Vec<u8>> {
    good().iter().map(|file| Parts::split(file).core).collect()
}

/// Encrypted documents.
pub fn encrypted() -> Vec<Vec<u8>> {
    vec![
        stage().small.bytes.clone(),
        Sealing::new("other", stage().small.world.authority.suite, "C2I2A2", 600).seal().bytes,
    ]
}

/// Clear documents.
pub fn clear() -> Vec<Vec<u8>> {
    vec![stage().clear.bytes.clone()]
}

/// What follows a head and its metadata.
pub fn trailers() -> Vec<Vec<u8>> {
    let parts = stage().clear.parts();
    vec![stage().clear.bytes[parts.head_len + parts.metadata.len()..].to_vec()]
}

/// Metadata sections.
pub fn metadata_sections() -> Vec<Vec<u8>> {
    vec![stage().clear.parts().metadata]
}

/// Signature files.
pub fn signature_files() -> Vec<Vec<u8>> {
    vec![stage().signature_file.clone()]
}

/// Certificates.
pub fn certificates() -> Vec<Vec<u8>> {
    let world = &stage().small.world;
    vec![world.author.chain[0].to_vec(), world.authority.root.to_vec()]
}
