//! 報告書の頁. A share on one page, for a section head: how much is graded, what to do first, where, and how old it is. One file, no
//! script, nothing fetched; every name on it is somebody else's text and is escaped.

use std::fmt::Write;

use kakuzuke::{Share, Tally, Timestamp};

use super::chart::{PARTS, bar, below, escaped, grouped, parts, path, percent, sized};
use super::todo;
use crate::output::Locale;

const STYLE: &str = include_str!("style.css");
/// Folders and kinds shown, those with most to do first.
const ROWS: usize = 30;

/// The page, as HTML.
pub fn page(tally: &Tally, now: Timestamp, locale: Locale) -> String {
    let say = |ja: &'static str, en: &'static str| locale.pick(ja, en);
    let title = say("格付の状況", "State of grading");
    let all = whole(tally);
    let roots: Vec<String> = tally.roots.iter().map(|root| path(root)).collect();
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
         base-uri 'none'; form-action 'none'\">\
         <meta name=\"referrer\" content=\"no-referrer\"><title>{title}</title><style>{STYLE}</style></head><body>\
         <header><h1>{title}</h1><p class=\"under\">{}</p><p class=\"under\">{}　{}　{}</p></header><main>",
        say("ja", "en"),
        roots.join("<br>"),
        now.japan_text(),
        files(tally.files, locale),
        sized(tally.bytes),
    );
    html.push_str(&lead(&all, locale));
    html.push_str(&tiles(&all, locale));
    html.push_str(&format!("<figure>{}{}</figure>", bar(&all, all.files, &words(&all, locale)), legend(&all, locale)));
    section(&mut html, "todo", say("まずすること", "What to do first"), &todo::lists(tally, locale));
    let short = |folder: &String| below(folder, &tally.roots).to_owned();
    let folders = rows(tally.folders.iter().map(|(folder, share)| (short(folder), *share)).collect());
    section(&mut html, "folders", say("フォルダ別", "By folder"), &shares(&folders, Of::Folders, locale));
    let ages = tally.ages.iter().map(|(years, share)| (age(*years, locale), *share)).collect::<Vec<_>>();
    section(&mut html, "ages", say("更新からの年数別", "By age"), &shares(&ages, Of::Ages, locale));
    let kinds = rows(tally.kinds.iter().map(|(kind, share)| (kind.clone(), *share)).collect());
    section(&mut html, "kinds", say("種類別", "By kind"), &shares(&kinds, Of::Kinds, locale));
    section(&mut html, "about", say("この報告について", "About this report"), &about(tally, locale));
    html.push_str("</main></body></html>\n");
    html
}

fn section(html: &mut String, id: &str, title: &str, content: &str) {
    // Writing to a String can't fail.
    let _infallible = write!(html, "<section aria-labelledby=\"{id}\"><h2 id=\"{id}\">{title}</h2>{content}</section>");
}

fn files(count: u64, locale: Locale) -> String {
    let count = grouped(count);
    locale.pick(&format!("{count} 件"), &format!("{count} files")).to_owned()
}

/// All of it as one.
fn whole(tally: &Tally) -> Share {
    tally.ages.values().fold(Share::default(), |sum, share| Share {
        files: sum.files + share.files,
        secret: sum.secret + share.secret,
        confidential: sum.confidential + share.confidential,
        open: sum.open + share.open,
        declared: sum.declared + share.declared,
        unlabelled: sum.unlabelled + share.unlabelled,
        exposed: sum.exposed + share.exposed,
        too_low: sum.too_low + share.too_low,
        due: sum.due + share.due,
        misplaced: sum.misplaced + share.misplaced,
        doubted: sum.doubted + share.doubted,
    })
}

/// The one sentence for whoever reads no further.
fn lead(all: &Share, locale: Locale) -> String {
    let count = |number: u64| format!("<b>{}</b>", grouped(number));
    let (urgent, text) = if all.exposed > 0 {
        let exposed = count(all.exposed);
        let ja = format!("格付されていない要機密情報が {exposed} 件あります。まずこれらを格付し、保護してください。");
        (true, locale.pick(&ja, &format!("{exposed} files are confidential by their content and have no label. Label and protect these first.")).to_owned())
    } else if all.misplaced + all.too_low > 0 {
        let wrong = count(all.misplaced + all.too_low);
        let ja = format!("置き場所の誤り、または内容より低い格付が {wrong} 件あります。");
        (true, locale.pick(&ja, &format!("{wrong} files lie in the wrong place or are labelled too low.")).to_owned())
    } else if all.unlabelled > 0 {
        let unlabelled = count(all.unlabelled);
        let ja = format!("未格付が {unlabelled} 件あります。要機密情報と分かるものはありません。");
        (
            false,
            locale
                .pick(&ja, &format!("{unlabelled} files have no label; none of them is known to be confidential."))
                .to_owned(),
        )
    } else if all.doubted > 0 {
        let doubted = count(all.doubted);
        (
            false,
            locale
                .pick(
                    &format!("確認するものが {doubted} 件あります。"),
                    &format!("{doubted} files are to be looked at."),
                )
                .to_owned(),
        )
    } else {
        (false, locale.pick("指摘はありません。", "Nothing to do.").to_owned())
    };
    format!("<p class=\"lead{}\">{text}</p>", if urgent { " urgent" } else { "" })
}

fn tiles(all: &Share, locale: Locale) -> String {
    let graded = all.secret + all.confidential + all.open + all.declared;
    let tile = |alarm: bool, value: String, ja: &str, en: &str| {
        let class = if alarm { "tile alarm" } else { "tile" };
        format!("<div class=\"{class}\"><dt>{}</dt><dd>{value}</dd></div>", locale.pick(ja, en))
    };
    let count = |number: u64, ja: &str, en: &str| tile(number > 0, grouped(number), ja, en);
    [
        "<dl class=\"tiles\">".to_owned(),
        tile(false, format!("{} %", percent(graded, all.files)), "格付済み", "labelled"),
        tile(false, grouped(all.unlabelled), "未格付", "not labelled"),
        count(all.exposed, "未格付の要機密情報", "confidential, not labelled"),
        count(all.too_low, "内容より低い格付", "labelled too low"),
        count(all.misplaced, "機密性３の置き場所・平文", "confidentiality 3 misplaced or in clear"),
        count(all.due, "見直しの期限切れ", "review overdue"),
        "</dl>".to_owned(),
    ]
    .concat()
}

/// What the parts of a bar stand for, those that there are.
fn legend(all: &Share, locale: Locale) -> String {
    let mut html = "<figcaption><ul class=\"legend\">".to_owned();
    for (count, (class, ja, en)) in parts(all).into_iter().zip(PARTS).filter(|(count, _)| *count > 0) {
        html.push_str(&format!(
            "<li><svg viewBox=\"0 0 10 10\" aria-hidden=\"true\"><rect class=\"{class}\" width=\"10\" height=\"10\"/></svg>\
             {} <b>{}</b>（{} %）</li>",
            locale.pick(ja, en),
            grouped(count),
            percent(count, all.files),
        ));
    }
    html.push_str("</ul></figcaption>");
    html
}

/// A bar in words.
fn words(share: &Share, locale: Locale) -> String {
    let named = parts(share).into_iter().zip(PARTS).filter(|(count, _)| *count > 0);
    let named = named.map(|(count, (_, ja, en))| format!("{} {}", locale.pick(ja, en), grouped(count)));
    named.collect::<Vec<_>>().join(locale.pick("、", ", "))
}

fn age(years: u8, locale: Locale) -> String {
    match (years, locale) {
        (0, Locale::Japanese) => "１年未満".to_owned(),
        (0, Locale::English) => "under 1 year".to_owned(),
        (10, Locale::Japanese) => "10年以上".to_owned(),
        (10, Locale::English) => "10 years and more".to_owned(),
        (years, Locale::Japanese) => format!("{years}年"),
        (1, Locale::English) => "1 year".to_owned(),
        (years, Locale::English) => format!("{years} years"),
    }
}

/// Those with most to do first; what has no name of its own last.
fn rows(mut rows: Vec<(String, Share)>) -> Vec<(String, Share)> {
    let weight = |share: &Share| (share.exposed + share.too_low + share.misplaced, share.doubted, share.files);
    rows.sort_by_key(|(name, share)| (name.is_empty(), std::cmp::Reverse(weight(share)), name.clone()));
    rows
}

/// What the rows of a table are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Folders,
    Ages,
    Kinds,
}

fn shares(rows: &[(String, Share)], of: Of, locale: Locale) -> String {
    let say = |ja: &'static str, en: &'static str| locale.pick(ja, en);
    let caption = match of {
        Of::Folders => say(
            "対応の多い順。帯は内訳の割合です。",
            "Those with most to do first. The bar shows what the folder is made of.",
        ),
        Of::Ages => say(
            "最後に更新されてからの年数。帯の長さは件数です。",
            "Years since last written. The length of the bar is the number of files.",
        ),
        Of::Kinds => say(
            "対応の多い順。帯は内訳の割合です。",
            "Those with most to do first. The bar shows what the kind is made of.",
        ),
    };
    let head = match of {
        Of::Folders => say("フォルダ", "folder"),
        Of::Ages => say("年数", "age"),
        Of::Kinds => say("種類", "kind"),
    };
    let mut html = format!(
        "<table class=\"shares\" role=\"table\"><caption>{caption}</caption><thead role=\"rowgroup\"><tr role=\"row\">\
         <th scope=\"col\" role=\"columnheader\">{head}</th><td role=\"cell\"></td>"
    );
    for column in columns(locale) {
        html.push_str(&format!("<th scope=\"col\" role=\"columnheader\" class=\"n\">{column}</th>"));
    }
    html.push_str("</tr></thead><tbody role=\"rowgroup\">");
    let most = rows.iter().map(|(_, share)| share.files).max().unwrap_or(0);
    let named = if of == Of::Ages { rows.len() } else { ROWS };
    for (name, share) in rows.iter().take(named) {
        let name = match (name.is_empty(), of) {
            (true, Of::Folders) => say("ほかのフォルダ", "other folders").to_owned(),
            (true, _) => say("拡張子なし・その他", "none, others").to_owned(),
            (false, Of::Folders) => path(name),
            (false, _) => escaped(name),
        };
        let length = if of == Of::Ages { most } else { share.files };
        html.push_str(&row(&name, share, length, locale));
    }
    html.push_str("</tbody></table>");
    let more = rows.len().saturating_sub(named);
    if more > 0 {
        let (ja, en) = (
            format!("ほか {more} 行（全件は --json または --csv）"),
            format!("{more} more rows (all of them: --json or --csv)"),
        );
        html.push_str(&format!("<p class=\"note\">{}</p>", locale.pick(&ja, &en)));
    }
    html
}

const fn columns(locale: Locale) -> [&'static str; 6] {
    match locale {
        Locale::Japanese => ["件数", "未格付", "要機密", "格付が低い", "機密性３", "期限切れ"],
        Locale::English => ["files", "no label", "confidential", "too low", "C3 astray", "overdue"],
    }
}

fn row(name: &str, share: &Share, length: u64, locale: Locale) -> String {
    let mut html = format!(
        "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\">{name}</th><td role=\"cell\" class=\"b\">{}</td>",
        bar(share, length, &words(share, locale))
    );
    let counts = [
        (share.files, false),
        (share.unlabelled, false),
        (share.exposed, true),
        (share.too_low, true),
        (share.misplaced, true),
        (share.due, true),
    ];
    for ((count, alarming), column) in counts.into_iter().zip(columns(locale)) {
        let class = match (count, alarming) {
            (0, _) => "n none",
            (_, true) => "n alarm",
            (_, false) => "n",
        };
        html.push_str(&format!("<td role=\"cell\" class=\"{class}\" data-of=\"{column}\">{}</td>", grouped(count)));
    }
    html.push_str("</tr>");
    html
}

/// What the figures mean and what they don't.
fn about(tally: &Tally, locale: Locale) -> String {
    let mut items = Vec::new();
    let mut add = |ja: String, en: String| items.push(format!("<li>{}</li>", locale.pick(&ja, &en)));
    if tally.is_judged {
        let (ja, en) = (
            "提案は内容の自動判定による目安です。格付を決定するのは決定者です（3.1.1(3)）。",
            "Suggestions come from reading the content and are a guide. The decider decides (3.1.1(3)).",
        );
        add(ja.to_owned(), en.to_owned());
        let unjudged = grouped(tally.unjudged);
        add(
            format!(
                "画像など、内容の一部または全部を読めないものが {unjudged} 件あります。見つからないことは、無いことの証明ではありません。"
            ),
            format!(
                "{unjudged} files could not be read, or not all of them: pictures and the like. What was not found may still be there."
            ),
        );
    } else {
        let (ja, en) = ("格付だけを見ています。内容は読んでいません。", "Labels only: the content was not read.");
        add(ja.to_owned(), en.to_owned());
    }
    if tally.labelled_inside + tally.protected_inside > 0 {
        let (labelled, protected) = (grouped(tally.labelled_inside), grouped(tally.protected_inside));
        add(
            format!(
                "書庫・メールの中に、格付済みのファイルが {labelled} 件、保護済みのファイルが {protected} 件あります（ほかの数には含みません）。"
            ),
            format!(
                "Archives and mails hold {labelled} labelled and {protected} protected files; no other number counts them."
            ),
        );
    }
    if tally.ignored > 0 {
        let ignored = grouped(tally.ignored);
        add(
            format!("対象外の指定（.kakuzukeignore）により、{ignored} 個のファイルまたはフォルダを見ていません。"),
            format!("{ignored} files or folders were left out because a .kakuzukeignore names them."),
        );
    }
    let (ja, en) = (
        "保護済みの文書の内容は読んでいません。規程による明示は、未格付とは別に数えています。",
        "The content of protected documents was not read. What is labelled by rule is counted apart from what is not labelled.",
    );
    add(ja.to_owned(), en.to_owned());
    format!("<ul class=\"about\">{}</ul>", items.concat())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    /// How well a colour is seen on white (WCAG 2.2, contrast ratio).
    fn contrast(colour: &str) -> f64 {
        let part = |at: usize| {
            let value = f64::from(u8::from_str_radix(colour.get(at..at + 2).unwrap(), 16).unwrap()) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        1.05 / (0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5) + 0.05)
    }

    #[test]
    fn every_colour_is_seen_well_enough() {
        let value = |name: &str| STYLE.split_once(&format!("--{name}: ")).unwrap().1.get(..7).unwrap();
        for name in ["ink", "soft", "alarm"] {
            assert!(contrast(value(name)) >= 4.5, "text: {name}");
        }
        for (name, ..) in PARTS {
            assert!(contrast(value(name)) >= 3.0, "bars: {name} {}", contrast(value(name)));
        }
        for colour in STYLE.split("color: #").skip(1).map(|rest| format!("#{}", rest.get(..6).unwrap())) {
            assert!(contrast(&colour) >= 4.5, "text: {colour}");
        }
    }

    #[test]
    fn an_empty_share_and_a_perfect_one_have_a_report() {
        for locale in [Locale::Japanese, Locale::English] {
            let empty = page(&Tally::default(), Timestamp::from_unix(0), locale);
            assert!(empty.ends_with("</html>\n") && empty.contains("class=\"lead\""));
        }
    }
}
