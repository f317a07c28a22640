//! 物語. The steps, top to bottom, as the README promises them.

use std::fs;
use std::path::Path;

use kakuzuke::code::{Code, Text};
use kakuzuke::{
    Application, ApprovalKind, Batch, ContentState, Error, Form, Grading, Marks, Opening, Outcome, Overwrite,
    Protection, Result, Revocation, Right, Rights,
};

use super::stage::{Officer, Piece, Stage, approve_all};
use super::teller::Teller;

/// Grade and restrictions given to the documents, in turn.
const GRADINGS: [(&str, &[&str]); 5] = [
    ("C2I2A1", &["複製禁止"]),
    ("C3I2A1", &["複製禁止", "印刷禁止"]),
    ("C2I1A1", &[]),
    ("C2I2A1", &["総務課限り"]),
    ("C1I2A1", &[]),
];

/// The first bytes of every envelope (docs/envelope.md).
const ENVELOPE: &[u8] = b"\x89KKZ\r\n\x1a\n";

/// Tells all of it. Ends at the first step that does not go as told.
pub fn tell(stage: &Stage, teller: &mut Teller) -> Result<()> {
    let protected = protect(stage, teller)?;
    let hero = protected.first().ok_or_else(|| Error::of(Code::NotProtected))?;
    look(hero, teller)?;
    open(stage, hero, teller)?;
    refuse(stage, hero, teller)?;
    ask(stage, hero, teller)?;
    tamper(stage, hero, teller)?;
    relabel(stage, hero, teller)?;
    offline(stage, &protected, teller)?;
    revoke(stage, hero, teller)?;
    destroy(stage, hero, teller)?;
    prove(stage, teller)
}

/// A document after it was protected.
struct Sealed {
    path: std::path::PathBuf,
    original: std::path::PathBuf,
    name: String,
    encrypted: bool,
}

fn protect(stage: &Stage, teller: &mut Teller) -> Result<Vec<Sealed>> {
    teller.step("佐藤さんが文書に格付を付け、保護します", "Satō grades the documents and protects them");
    let mut sealed = Vec::new();
    for (piece, (grade, restrictions)) in stage.pieces.iter().zip(GRADINGS.iter().cycle()) {
        sealed.push(protect_one(&stage.sato, piece, grade, restrictions, teller)?);
    }
    Ok(sealed)
}

fn protect_one(by: &Officer, piece: &Piece, grade: &str, restrictions: &[&str], teller: &mut Teller) -> Result<Sealed> {
    let protection = Protection::new(Grading::new(grade, restrictions));
    let summary = by.session.protect_all(std::slice::from_ref(&piece.path), &protection, &Batch::default(), &|_| ())?;
    let done = match summary.items.into_iter().next() {
        Some(Outcome::Done(done)) => done,
        Some(Outcome::Skipped(failure) | Outcome::Failed(failure)) => {
            return Err(Error::new(failure.code, failure.text).at(&failure.path));
        }
        None => return Err(Error::of(Code::Unsupported).at(&piece.path)),
    };
    let name = piece.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let (ja, en) = match done.form {
        Form::Carrier => ("暗号化、表紙付き", "encrypted, with a cover page"),
        Form::Envelope => ("暗号化（.kkz）", "encrypted (.kkz)"),
        Form::NativeLabel => ("平文、署名した格付を記入", "in clear, signed label inside"),
        Form::Detached => ("平文、署名ファイル付き", "in clear, signature beside it"),
    };
    teller.line(
        &format!("{name}　→　{}　［{ja}］", done.label.header),
        &format!("{name} → {} [{en}]", done.label.header),
    );
    let encrypted = matches!(done.form, Form::Carrier | Form::Envelope);
    Ok(Sealed { path: done.path, original: piece.original.clone(), name, encrypted })
}

fn look(hero: &Sealed, teller: &mut Teller) -> Result<()> {
    teller.step("格付は誰でも読めます。鍵もサーバも要りません", "Anyone can read the label: no key, no server needed");
    let shown = kakuzuke::show(&hero.path, None)?;
    let label = &shown.label;
    let by = format!("{} {}", label.decided_by.post, label.decided_by.name);
    teller.line(
        &format!("{}：{}　決定者 {}", hero.name, label.header, by.trim()),
        &format!("{}: {}, decided by {}", hero.name, label.header, by.trim()),
    );
    let plain = fs::read(&hero.original).map_err(|e| Error::io(&hero.original, e))?;
    let file = fs::read(&hero.path).map_err(|e| Error::io(&hero.path, e))?;
    let sample = plain.get(plain.len() / 2..).and_then(|half| half.get(..32));
    let leaked = sample.is_some_and(|sample| file.windows(32).any(|window| window == sample));
    if leaked {
        return unexpected("保護したファイルに元の内容が残っています。", "The protected file holds plaintext.");
    }
    teller.line("ファイルの中に元の内容は見当たりません", "Nothing of the content is to be found in the file");
    Ok(())
}

fn open(stage: &Stage, hero: &Sealed, teller: &mut Teller) -> Result<()> {
    teller.step(
        "同じ課の鈴木さんが開きます：判断が記録されてから、鍵が渡ります",
        "Suzuki of the same section opens it: the decision is logged, then the key is released",
    );
    let opening = Opening { purpose: "予算要求の準備".to_owned(), ..Opening::default() };
    let document = stage.suzuki.session.open_document(&hero.path, &opening)?;
    let original = fs::read(&hero.original).map_err(|e| Error::io(&hero.original, e))?;
    if read_all(&document)? != original {
        return unexpected("開いた内容が元と異なります。", "What was opened differs from the original.");
    }
    let rights: Vec<Text> = document.rights().iter().map(Right::text).collect();
    let listed = |pick: fn(&Text) -> &str, sign: &str| rights.iter().map(pick).collect::<Vec<_>>().join(sign);
    teller.line(
        &format!(
            "内容は元と 1 バイトも違いません（{} バイト）。権利：{}",
            original.len(),
            listed(|text| &text.ja, "、")
        ),
        &format!("every byte is as it was ({} bytes); rights: {}", original.len(), listed(|text| &text.en, ", ")),
    );
    teller.line(
        &format!("監査ログの {} 番に記録されました", document.audit_index()),
        &format!("entry {} of the audit log", document.audit_index()),
    );
    let out = stage.opened_dir()?.join(&hero.name);
    let wanted = Opening { wanted: Rights::VIEW.with(Right::Export), ..opening };
    let sato = stage.sato.session.open_document(&hero.path, &wanted)?;
    sato.export_to(&out, Overwrite::Refuse)?;
    teller.line(
        &format!("作成した佐藤さんは平文でも出力できます：{}", out.display()),
        &format!("Satō, who made it, may also write it in clear: {}", out.display()),
    );
    Ok(())
}

fn read_all(document: &kakuzuke::Document) -> Result<Vec<u8>> {
    let size = usize::try_from(document.size()).map_err(|_| Error::of(Code::LimitExceeded))?;
    let mut all = vec![0; size];
    let mut at = 0;
    while let Some(rest) = all.get_mut(at..).filter(|rest| !rest.is_empty()) {
        let offset = u64::try_from(at).map_err(|_| Error::of(Code::LimitExceeded))?;
        match document.read_at(offset, rest)? {
            0 => return Err(Error::of(Code::Damaged)),
            n => at += n,
        }
    }
    Ok(all)
}

fn refuse(stage: &Stage, hero: &Sealed, teller: &mut Teller) -> Result<()> {
    teller.step(
        "許されないことは、根拠の条項とともに断られます",
        "What is not permitted is refused, with the clause it rests on",
    );
    teller.line("鈴木さんが平文で出力しようとします", "Suzuki tries to write it in clear");
    let export = Opening { wanted: Rights::VIEW.with(Right::Export), ..Opening::default() };
    expect_refusal(stage.suzuki.session.open_document(&hero.path, &export), teller)?;
    teller.line(
        "会計課の田中さんが、送られてきた写しを開こうとします",
        "Tanaka of another section tries to open a copy that was sent along",
    );
    let escaped = copy_aside(stage, &hero.path, "流出した写し")?;
    expect_refusal(stage.tanaka.session.open_document(&escaped, &Opening::default()), teller)
}

fn ask(stage: &Stage, hero: &Sealed, teller: &mut Teller) -> Result<()> {
    teller.step(
        "田中さんが閲覧を申請し、決定者の佐藤さんが許可します",
        "Tanaka asks to read it; Satō, who decided the grade, permits it",
    );
    let record = stage.tanaka.session.request(&Application {
        kind: ApprovalKind::View,
        path: Some(hero.path.clone()),
        rights: Rights::VIEW,
        reason: "予算査定のため".to_owned(),
        until: None,
        proposed: None,
    })?;
    teller.line(
        &format!("申請 {} 番。承認待ち：{}", record.number, record.waiting_for.join("、")),
        &format!("application {}, waiting for {}", record.number, record.waiting_for.join(", ")),
    );
    let approved = approve_all(&stage.sato.session)?;
    if !approved.contains(&record.number) {
        return unexpected("申請が佐藤さんに届いていません。", "The application did not reach Satō.");
    }
    stage.tanaka.session.open_document(&hero.path, &Opening::default())?;
    teller.line("許可されたので、田中さんも開けました", "With the permission Tanaka opens it, too");
    Ok(())
}

fn tamper(stage: &Stage, hero: &Sealed, teller: &mut Teller) -> Result<()> {
    teller.step("ファイルを 1 バイト書き換えると、開けません", "One byte altered, and it does not open");
    let altered = copy_aside(stage, &hero.path, "改ざんした写し")?;
    let mut bytes = fs::read(&altered).map_err(|e| Error::io(&altered, e))?;
    // A byte of the content: some way behind where the envelope begins.
    let start = bytes.windows(ENVELOPE.len()).position(|window| window == ENVELOPE).unwrap_or(0);
    let content = start + (bytes.len() - start).min(18_000) / 2;
    if let Some(byte) = bytes.get_mut(content) {
        *byte ^= 1;
    }
    fs::write(&altered, bytes).map_err(|e| Error::io(&altered, e))?;
    match stage.sato.session.verify(&altered) {
        Err(error) => teller.refused(&error),
        Ok(_) => return unexpected("書換えに気付きませんでした。", "The change went unnoticed."),
    }
    let whole = stage.sato.session.verify(&hero.path)?;
    if whole.content == ContentState::Intact {
        teller.line("元のファイルの署名は正しいままです", "The signature of the file itself holds");
    }
    Ok(())
}

fn relabel(stage: &Stage, hero: &Sealed, teller: &mut Teller) -> Result<()> {
    teller.step(
        "佐藤さんが格付を見直します：配られた写しにも及びます",
        "Satō raises the grade: copies already handed out follow it",
    );
    let old = copy_aside(stage, &hero.path, "古い写し")?;
    let raised = Grading::new("C3I2A1", &["複製禁止", "佐藤限り"]);
    let relabelled =
        stage.sato.session.relabel(&hero.path, &raised, "査定前の数値を追加したため", &Marks::default())?;
    teller.line(
        &format!("{}：{}", hero.name, relabelled.label.header),
        &format!("{}: {}", hero.name, relabelled.label.header),
    );
    teller.line("鈴木さんが、手元の古い写しを開こうとします", "Suzuki tries the older copy");
    expect_refusal(stage.suzuki.session.open_document(&old, &Opening::default()), teller)
}

fn offline(stage: &Stage, protected: &[Sealed], teller: &mut Teller) -> Result<()> {
    let Some(piece) = protected.iter().skip(2).find(|piece| piece.encrypted) else { return Ok(()) };
    teller.step(
        "外出先でも：貸出しを受けておけば、期限まで開けます",
        "Away from the network: a lease lets it open until it ends",
    );
    match stage.sato.session.take_lease(&piece.path, 3600, "出張") {
        Ok(lease) => {
            let offline = Opening { contact: kakuzuke::Contact::Offline, ..Opening::default() };
            stage.sato.session.open_document(&piece.path, &offline)?;
            teller.line(
                &format!("{}：{} まで、サーバに接続せずに開けます", piece.name, lease.offline_until.japan_text()),
                &format!("{}: opens without the server until {}", piece.name, lease.offline_until.japan_text()),
            );
        }
        Err(error) => teller.refused(&error),
    }
    Ok(())
}

fn revoke(stage: &Stage, hero: &Sealed, teller: &mut Teller) -> Result<()> {
    teller.step(
        "佐藤さんが利用を停止します：どこにある写しも開けなくなります",
        "Satō suspends it: no copy opens any more, wherever it is",
    );
    let changed = stage.sato.session.revoke(&Revocation::Document(hero.path.clone()), "誤送信があったため")?;
    teller.line(
        &format!("接続中の利用は遅くとも {} に終わります", changed.online_until.japan_text()),
        &format!("use online ends at {} at the latest", changed.online_until.japan_text()),
    );
    expect_refusal(stage.tanaka.session.open_document(&hero.path, &Opening::default()), teller)
}

fn destroy(stage: &Stage, hero: &Sealed, teller: &mut Teller) -> Result<()> {
    teller.step("鍵を消去します：署名された証明書が残ります", "The keys are erased: a signed certificate stays");
    let certificate = stage.documents_dir().join(format!("{}.鍵消去証明書.cose", hero.name));
    let destroyed = stage.sato.session.destroy(&hero.path, "不要となったため", &certificate)?;
    teller.line(&format!("証明書：{}", certificate.display()), &format!("certificate: {}", certificate.display()));
    for place in &destroyed.not_reached {
        teller.line(&format!("及ばない範囲：{place}"), &format!("what it does not reach: {place}"));
    }
    expect_refusal(stage.sato.session.open_document(&hero.path, &Opening::default()), teller)
}

fn prove(stage: &Stage, teller: &mut Teller) -> Result<()> {
    teller.step(
        "すべての行為は監査ログに残り、連なりを検証できます",
        "Every act is in the audit log, and that it holds together can be verified",
    );
    let report = stage.sato.session.verify_log()?;
    teller.line(
        &format!("{} 件の記録を確かめました。根 {}", report.size, report.root),
        &format!("{} entries verified, root {}", report.size, report.root),
    );
    Ok(())
}

/// The act must be refused; the refusal is shown.
fn expect_refusal<T>(outcome: Result<T>, teller: &mut Teller) -> Result<()> {
    match outcome {
        Err(error) if matches!(error.code(), Code::Denied | Code::NotAvailable) => {
            teller.refused(&error);
            Ok(())
        }
        Err(other) => Err(other),
        Ok(_) => unexpected("断られるはずの操作が通りました。", "What should be refused was not."),
    }
}

fn unexpected<T>(ja: &'static str, en: &'static str) -> Result<T> {
    Err(Error::new(Code::Internal, Text::fixed(ja, en)))
}

/// A copy of the file in a folder of its own, as when it is sent along.
fn copy_aside(stage: &Stage, path: &Path, folder: &str) -> Result<std::path::PathBuf> {
    let dir = stage.opened_dir()?.join(folder);
    fs::create_dir_all(&dir).map_err(|e| Error::io(&dir, e))?;
    let to = dir.join(path.file_name().unwrap_or_default());
    fs::copy(path, &to).map_err(|e| Error::io(path, e))?;
    Ok(to)
}
