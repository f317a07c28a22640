//! 報告書の案. What the 課室情報セキュリティ責任者 and the CSIRT have to be told after a 誤送信 or a loss (2.2.4(2)): filled in as far as the
//! ledger and the log say, for a person to finish and to send.

use std::path::Path;

use kakuzuke_core::licence::Right;
use kakuzuke_core::protocol::{Departure, Opened, RecallReport, Route};
use kakuzuke_core::time::Timestamp;

use super::Recalled;
use crate::error::{Error, Result};
use crate::files::write_whole;
use crate::options::Overwrite;
use crate::session::Session;

/// Which form it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportForm {
    /// Plain text.
    Text,
    /// One HTML page that fetches nothing.
    Html,
}

impl ReportForm {
    /// What a file's name asks for.
    #[must_use]
    pub fn of(path: &Path) -> Self {
        let html = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("html") || e.eq_ignore_ascii_case("htm"));
        if html { Self::Html } else { Self::Text }
    }
}

/// A heading and what stands below it.
struct Section {
    head: String,
    lines: Vec<String>,
}

impl Session {
    /// Writes the draft of the report.
    ///
    /// # Errors
    /// When it can't be written, or the name is taken.
    pub fn write_recall_report(&self, recalled: &Recalled, reason: &str, path: &Path) -> Result<()> {
        let text = recall_report(recalled, reason, &self.profile().name, ReportForm::of(path));
        write_whole(path, Overwrite::Refuse, |file| file.write_all(text.as_bytes())).map_err(|e: Error| e.at(path))
    }
}

/// The draft, in Japanese.
#[must_use]
pub fn recall_report(recalled: &Recalled, reason: &str, reporter: &str, form: ReportForm) -> String {
    let sections = sections(recalled, reason, reporter);
    match form {
        ReportForm::Text => text(&sections),
        ReportForm::Html => html(&sections),
    }
}

const TITLE: &str = "情報セキュリティインシデント報告書（案）";
const TO: &str = "課室情報セキュリティ責任者　殿、CSIRT　殿";
const FOOT: &str = "この案は、台帳と監査ログから作成しました。〔　〕は記入してください。根拠：統一基準 2.2.4(2)";

fn sections(recalled: &Recalled, reason: &str, reporter: &str) -> Vec<Section> {
    let report = &recalled.report;
    let section = |head: &str, lines: Vec<String>| Section { head: head.to_owned(), lines };
    let entry = report.entry.map_or_else(|| "既に取消し済み".to_owned(), |entry| format!("監査ログ {entry}"));
    let mut notes: Vec<String> = recalled.notes.iter().map(|note| note.ja.to_string()).collect();
    notes.insert(0, format!("経緯：{}", reason.trim()));
    notes.push("認知の日時・方法：〔　　　　〕".to_owned());
    vec![
        section(
            "１　報告者・日時",
            vec![format!("報告者：{reporter}"), format!("応急措置の日時：{}（{entry}）", time(report.at))],
        ),
        section("２　概要", notes),
        section("３　対象の情報", report.departures.iter().flat_map(documents).collect()),
        section("４　送付先・持出先", report.departures.iter().flat_map(places).collect()),
        section("５　応急措置", measures(report)),
        section("６　開封の状況", openings(report)),
        section("７　措置が及ばない範囲", report.not_reached.iter().map(|text| text.ja.to_string()).collect()),
        section(
            "８　今後の対応",
            vec![
                "相手方への削除の依頼：〔　　　　〕".to_owned(),
                "影響の範囲、関係者への連絡：〔　　　　〕".to_owned(),
                "再発防止策：〔　　　　〕".to_owned(),
            ],
        ),
    ]
}

fn time(at: Timestamp) -> String {
    format!("{}（日本時間）", at.japan_text())
}

fn documents(departure: &Departure) -> Vec<String> {
    let each = departure.documents.iter().map(|document| {
        let title = document.title.as_deref().unwrap_or("（件名の登録なし）");
        let clear = if document.clear { "、平文" } else { "、保護済み" };
        format!("{title}：{}{clear}（文書番号 {}）", document.header, document.document)
    });
    each.collect()
}

fn places(departure: &Departure) -> Vec<String> {
    let route = match departure.route {
        Route::Mail => "メール",
        Route::Medium => "媒体",
        Route::Paper => "印刷物",
    };
    let mut lines = vec![format!(
        "台帳 {} 番：{route}、{}、利用目的「{}」",
        departure.number,
        time(departure.at),
        departure.purpose
    )];
    for recipient in &departure.recipients {
        let whose = recipient.subject.as_ref().map_or_else(|| "未登録の者".to_owned(), ToString::to_string);
        let stopped =
            recipient.stopped.map_or_else(|| "取り消していない".to_owned(), |at| format!("{} に取消し", time(at)));
        lines.push(format!("　宛先 {}（{whose}）：{stopped}", recipient.address));
    }
    lines.extend(departure.medium.iter().map(|medium| format!("　媒体 {medium}")));
    lines.extend(departure.copies.iter().map(|copy| format!("　第{}号：{}", copy.number, copy.holder)));
    lines
}

fn measures(report: &RecallReport) -> Vec<String> {
    let mut lines = Vec::new();
    if report.departures.iter().flat_map(|d| &d.recipients).any(|recipient| recipient.stopped.is_some()) {
        lines.push("宛先の閲覧を取り消した。次に開こうとした時から開けない。".to_owned());
    }
    for document in &report.suspended {
        lines.push(format!("文書 {document} を利用停止とした（全員）。解除は labeler revoke --resume。"));
    }
    lines.push(format!("開いたままの利用は、遅くとも {} に終わる。", time(report.online_until)));
    lines
}

fn openings(report: &RecallReport) -> Vec<String> {
    if report.openings.is_empty() {
        return vec!["監査ログに、該当者による開封の記録はない。".to_owned()];
    }
    report.openings.iter().map(|opened| opening(opened, report.at)).collect()
}

fn opening(opened: &Opened, now: Timestamp) -> String {
    let mut line = format!("{}　{} が文書 {} を開封", time(opened.at), opened.subject, opened.document);
    if let Some(from) = &opened.from {
        line.push_str(&format!("（接続元 {from}）"));
    }
    if opened.rights.allows(Right::Export) {
        line.push_str("、平文での出力を許可");
    }
    if let Some(until) = opened.offline_until {
        let live = if now < until { "まだ有効" } else { "終了" };
        line.push_str(&format!("、オフライン利用期限 {}（{live}）", time(until)));
    }
    line.push_str(&format!("　監査ログ {}", opened.entry));
    line
}

fn text(sections: &[Section]) -> String {
    let mut out = format!("{TITLE}\n\n{TO}\n");
    for section in sections {
        out.push_str(&format!("\n{}\n", section.head));
        for line in &section.lines {
            out.push_str(&format!("　{}\n", plain(line)));
        }
    }
    out.push_str(&format!("\n{FOOT}\n"));
    out
}

fn html(sections: &[Section]) -> String {
    let mut out = format!(
        "<!doctype html>\n<html lang=\"ja\"><head><meta charset=\"utf-8\"><title>{TITLE}</title>\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <style>body{{font-family:sans-serif;max-width:48em;margin:2em auto;line-height:1.7}}h1{{font-size:1.3em;text-align:center}}\
         h2{{font-size:1.05em;border-bottom:1px solid #888}}p{{margin:.2em 0 .2em 1em}}footer{{margin-top:2em;color:#555}}</style></head>\n\
         <body><h1>{TITLE}</h1><p>{TO}</p>\n"
    );
    for section in sections {
        out.push_str(&format!("<h2>{}</h2>\n", escaped(&section.head)));
        for line in &section.lines {
            out.push_str(&format!("<p>{}</p>\n", escaped(line)));
        }
    }
    out.push_str(&format!("<footer>{FOOT}</footer></body></html>\n"));
    out
}

/// One line: what somebody else wrote begins no other.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn escaped(text: &str) -> String {
    plain(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_wrote_is_text_and_nothing_else() {
        let report = RecallReport {
            at: Timestamp::from_unix(0),
            entry: None,
            departures: Vec::new(),
            passed_over: 2,
            openings: Vec::new(),
            more_openings: 3,
            suspended: Vec::new(),
            online_until: Timestamp::from_unix(300),
            not_reached: Vec::new(),
        };
        let recalled = Recalled::new(report);
        let page = recall_report(&recalled, "<script>alert(1)</script>\n８　偽", "佐藤", ReportForm::Html);
        assert!(!page.contains("<script>") && page.contains("&lt;script&gt;"));
        let page = recall_report(&recalled, "x\n８　偽", "佐藤", ReportForm::Text);
        assert!(!page.contains("\n８　偽") && page.contains("開封の記録はない"));
        // What it leaves out stands in it.
        assert!(page.contains("2 件は取り消していません") && page.contains("ほかに 3 件"), "{page}");
    }
}
