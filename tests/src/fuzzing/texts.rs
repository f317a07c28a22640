//! Texts: taxonomies, markings, checkpoints; and receipts, which carry one.

use kakuzuke_core::audit::{Checkpoint, InclusionProof, Receipt, UnverifiedCheckpoint, VerifierKey, VerifierKind};
use kakuzuke_core::crypto::{KeyKind, SigningKey, default_provider, pure};
use kakuzuke_core::id::LogHash;
use kakuzuke_core::label::{FileNameMark, GradeLine, Restriction, Taxonomy, header_line};

use crate::envelope::seeded::Seeded;
use crate::envelope::world::AT;

fn text(bytes: &[u8]) -> Option<&str> {
    str::from_utf8(bytes).ok()
}

/// An agency's taxonomy.
pub fn taxonomy(bytes: &[u8]) {
    if let Some(text) = text(bytes) {
        drop(Taxonomy::parse(text));
    }
}

/// A printed line of grades and restrictions, and a file name.
pub fn marking(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    for taxonomy in [Taxonomy::jp_h30(), Taxonomy::jp_local()] {
        if let Some(mark) = FileNameMark::read(text, taxonomy) {
            assert!(text.ends_with(mark.rest), "what is left of a name is its end");
        }
        let Ok(line) = GradeLine::parse(text, taxonomy, AT) else { continue };
        if let Some(grades) = line.grades() {
            let printed = header_line(grades, &line.restrictions);
            let again = GradeLine::parse(&printed, taxonomy, AT).expect("what is printed can be read");
            assert_eq!(again.grades(), Some(grades), "{printed}");
        }
    }
}

/// One restriction.
pub fn restriction(bytes: &[u8]) {
    if let Some(text) = text(bytes) {
        drop(Restriction::parse(text, Taxonomy::jp_h30(), AT));
    }
}

fn log_key() -> (SigningKey, VerifierKey) {
    let key = SigningKey::generate(pure(), KeyKind::Ed25519, &mut Seeded::new("log")).expect("a key");
    let spki = key.public().spki_der();
    let public = spki[spki.len() - 32..].try_into().expect("32 bytes");
    let verifier = VerifierKey::new(pure(), "log.example.go.jp", VerifierKind::Log, public).expect("a key");
    (key, verifier)
}

/// A signed checkpoint.
pub fn checkpoint(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    drop(text.parse::<VerifierKey>());
    if let Ok(checkpoint) = UnverifiedCheckpoint::parse(text)
        && let Ok(verified) = checkpoint.verify(default_provider(), &log_key().1)
    {
        assert_eq!(verified.size(), 3, "a checkpoint that no log signed");
    }
}

/// A receipt.
pub fn receipt(bytes: &[u8]) {
    if let Ok(receipt) = Receipt::decode(bytes) {
        assert_eq!(receipt.encode(), bytes, "a receipt is written in one way");
        assert!(receipt.verify(default_provider(), &log_key().1).is_err(), "a receipt that no log gave");
    }
}

/// Taxonomies: the head of the one that is built in, and a small one.
pub fn taxonomies() -> Vec<Vec<u8>> {
    let folder = crate::programs::repository().join("core/taxonomies");
    let read = |name: &str| std::fs::read(folder.join(name)).expect("a taxonomy");
    vec![read("jp-h30.toml"), read("jp-local.toml")]
}

/// Lines and names as offices write them.
pub fn markings() -> Vec<Vec<u8>> {
    let lines = [
        "機密性２情報・完全性２情報・可用性１情報",
        "機密性３情報　複製禁止　配布禁止　令和９年３月３１日まで",
        "【機密性２】予算案（第３版）.docx",
        "【機２・完２・可１】会議資料.pdf",
        "C2I2A1_予算案.docx",
        "機密性2情報（行政管理局限り・暗号化必須）",
        "完全性２情報　令和８年１２月３１日まで保存",
        "可用性２情報　１時間以内復旧",
    ];
    lines.iter().map(|line| line.as_bytes().to_vec()).collect()
}

/// Restrictions as offices write them.
pub fn restrictions() -> Vec<Vec<u8>> {
    let words = [
        "複製禁止",
        "配布要許可",
        "暗号化必須",
        "総務課限り",
        "令和９年３月３１日まで保存",
        "３日以内復旧",
        "読後廃棄",
    ];
    words.iter().map(|word| word.as_bytes().to_vec()).collect()
}

fn signed_checkpoint() -> String {
    let (key, verifier) = log_key();
    let signer = pure().signer(KeyKind::Ed25519, key.private()).expect("a signer");
    let root = LogHash::from_bytes([7; 32]);
    let checkpoint = Checkpoint { origin: "log.example.go.jp".to_owned(), size: 3, root };
    checkpoint.sign(pure(), &verifier, &*signer, &mut Seeded::new("sign")).expect("signed")
}

/// Signed checkpoints and a key.
pub fn checkpoints() -> Vec<Vec<u8>> {
    vec![signed_checkpoint().into_bytes(), log_key().1.to_string().into_bytes()]
}

/// A receipt whose proof proves nothing.
pub fn receipts() -> Vec<Vec<u8>> {
    let proof = InclusionProof { index: 1, size: 3, hashes: vec![LogHash::from_bytes([8; 32]); 2] };
    vec![Receipt { leaf: vec![9; 200], proof, checkpoint: signed_checkpoint() }.encode()]
}
