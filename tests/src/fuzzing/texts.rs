//! Texts: taxonomies, markings, checkpoints; and receipts, which carry one.

use std::sync::LazyLock;

use kakuzuke_core::audit::{Checkpoint, InclusionProof, Receipt, UnverifiedCheckpoint, VerifierKey, VerifierKind};
use kakuzuke_core::classify::{Classifier, MAX_EVIDENCE, Rules};
use kakuzuke_core::crypto::{KeyKind, SigningKey, default_provider, pure};
use kakuzuke_core::id::LogHash;
use kakuzuke_core::label::{FileNameMark, GradeLine, Restriction, Taxonomy, header_line};
use kakuzuke_core::passage::{Part, Passage, Spot, Unit};

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
            assert_eq!(again.restrictions, line.restrictions, "{printed}");
        }
    }
}

/// A document's text, a passage a line: what is found is placed within it, and no long number is shown.
pub fn classify(bytes: &[u8]) {
    static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::new(Taxonomy::jp_h30()).expect("rules"));
    let written = String::from_utf8_lossy(bytes);
    let mut classifier = Classifier::new(&RULES, AT);
    let mut longest = written.chars().count();
    for (line, number) in written.split('\n').zip(1..) {
        let parts = [Part::Body, Part::Header, Part::FileName];
        let part = parts[usize::from(line.len() % 7 == 0) + usize::from(line.len() % 11 == 0)].clone();
        let cell =
            Unit::Cell { sheet: "a".to_owned(), cell: format!("{}{number}", if number % 2 == 0 { 'A' } else { 'B' }) };
        let unit = if line.len() % 3 == 0 { cell } else { Unit::Paragraph(number) };
        longest = longest.max(line.chars().count());
        classifier.take(&Passage { spot: Spot { within: Vec::new(), unit, part }, text: line.to_owned() });
    }
    let suggestion = classifier.finish(Vec::new());
    for seen in &suggestion.found {
        assert!(seen.evidence.len() <= MAX_EVIDENCE && seen.total >= 1);
        for finding in &seen.evidence {
            assert!(finding.offset <= longest, "within its passage");
            let number = seen.detector.ends_with("number") && seen.detector != "marking";
            assert!(!number || !finding.snippet.contains(|c: char| c.is_ascii_digit()), "{}", finding.snippet);
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

/// Texts with something to be found.
pub fn classified() -> Vec<Vec<u8>> {
    let texts = [
        "機密性２情報　複製禁止・総務課限り\n【部外秘】\n個人番号　１２３４　５６７８　９０１８\n",
        "氏名：佐藤　太郎\n住所　東京都千代田区霞が関2-1-3\n電話 03-1234-5678 user@example.co.jp\n",
        "ｸﾚｼﾞｯﾄ 4111-1111-1111-1111 旅券番号 TK1234567 普通預金 1234567\n",
        "報道発表資料\n１０月２０日９時解禁\n",
    ];
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
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
