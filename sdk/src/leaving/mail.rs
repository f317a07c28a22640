//! メールの下書き. The words around the attachments, and the ledger number by which it is called back.

use kakuzuke_core::protocol::Departure;
use mail_builder::MessageBuilder;
use mail_builder::headers::address::Address;
use mail_builder::headers::raw::Raw;

use super::Attached;

/// The header that names the entry of the ledger. The ledger counts, never the mail.
pub(super) const LEDGER: &str = "X-Kakuzuke-Ledger";

pub(super) fn compose(
    departure: &Departure,
    subject: Option<&str>,
    attached: &[Attached],
    parts: Vec<(String, Vec<u8>)>,
) -> std::io::Result<Vec<u8>> {
    let usual = "格付された文書の送付 / Graded documents";
    let recipients = departure.recipients.iter().map(|r| Address::new_address(None::<&str>, r.address.as_str()));
    let mut mail = MessageBuilder::new()
        .to(Address::new_list(recipients.collect()))
        .subject(subject.unwrap_or(usual))
        // The mail program opens it as a draft of whoever is at it.
        .header("X-Unsent", Raw::new("1"))
        .header(LEDGER, Raw::new(departure.number.to_string()))
        .text_body(body(departure, attached));
    for (name, content) in parts {
        let kind = if name.to_lowercase().ends_with(".pdf") { "application/pdf" } else { "application/octet-stream" };
        mail = mail.attachment(kind, name, content);
    }
    mail.write_to_vec()
}

fn body(departure: &Departure, attached: &[Attached]) -> String {
    let list = |clear: bool| {
        let these = attached.iter().filter(|document| document.clear == clear);
        these.map(|document| format!("・{}　{}\r\n", document.name, document.header)).collect::<String>()
    };
    let (sealed, clear) = (list(false), list(true));
    let mut text = String::from("文書をお送りします。\r\n\r\n");
    if !sealed.is_empty() {
        text.push_str("【保護された文書】\r\n");
        text.push_str(&sealed);
        if let Some(until) = departure.until {
            text.push_str(&format!("開ける期限：{}\r\n", until.japan_text()));
        }
        text.push_str(
            "開くには「格付」（Kakuzuke）が登録された端末で、labeler open を実行してください。この宛先の方だけが開けます。\r\n\
             表示された格付と取扱制限に従って取り扱い、転送しないでください。\r\n\r\n",
        );
    }
    if !clear.is_empty() {
        text.push_str("【機密性１の文書】\r\n");
        text.push_str(&clear);
        text.push_str("\r\n");
    }
    text.push_str(&format!(
        "整理番号：{}\r\n心当たりのない場合は、開かずに送信元へお知らせください。\r\n\r\n",
        departure.number
    ));
    text.push_str(
        "Protected documents open with Kakuzuke (labeler open) on an enrolled device, for these addressees only. Handle them as\r\n\
         their labels say. If you did not expect them, tell the sender and leave them closed.\r\n",
    );
    text
}
