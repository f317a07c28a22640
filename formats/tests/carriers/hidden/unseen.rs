//! Words in files of characters that no reader sees: taken out where that is safe, told where it is not.

use kakuzuke_formats::{Category, Wanted};

use crate::hidden::furniture::{cleaned, found, goes, holds};

/// It is told as this and as nothing else, and stays.
fn told(file: &str, name: &str, category: Category) {
    let report = found(file.as_bytes(), name);
    let categories: Vec<Category> = report.counts().into_keys().collect();
    assert_eq!(categories, [category], "{file}\n{report:#?}");
    assert_eq!(String::from_utf8(cleaned(file.as_bytes(), name, &Wanted::usual())).unwrap(), file, "{name}");
}

fn is_clean(file: &str, name: &str) {
    let report = found(file.as_bytes(), name);
    assert!(report.is_clean(), "{file}\n{report:#?}");
}

fn page(head: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>題</title>{head}</head><body><p>SEEN</p>{body}</body></html>"
    )
}

#[test]
fn letters_that_a_page_does_not_show_are_told() {
    let cases = [
        page("", "<p style=\"color:#fff\">SECRET</p>"),
        page("", "<p style=\"color:white !important\">SECRET</p>"),
        // As browsers read references of characters: without a semicolon, and all of the names.
        page("", "<p style=\"color&#58white\">SECRET</p>"),
        page("", "<p style=\"color&colon;&#x77;hite\">SECRET</p>"),
        page("", "<p><font color=FDFDFD>SECRET</font></p>"),
        page("", "<div style=\"background:navy\"><b style=\"color:#000080\">SECRET</b></div>"),
        page("", "<table><tr><td bgcolor=\"#123456\"><font color=\"#123457\">SECRET</font></td></tr></table>"),
        page("<style>.w { color: rgb(255, 254, 255) }</style>", "<p class=w>SECRET</p>"),
        page("<style>body div > p.w { color: #fff }</style>", "<div><p class=w>SECRET</p></div>"),
        page("<style>#a li:nth-child(2) { color: #fff }</style>", "<ul id=a><li>SEEN<li>SECRET</ul>"),
        page("<style>p { color: #333 } .a .b { font-size: 1px }</style>", "<div class=a><p class=b>SECRET</p></div>"),
        page("", "<p style='font:1px/1 serif'>SECRET</p>"),
        page("", "<p style='position:absolute;left:-9999px'>SECRET</p>"),
        page("<style>.away { position: fixed; top: -100em }</style>", "<p class=away>SECRET</p>"),
        page("", "<h1 style='text-indent:-9999px'>SECRET</h1>"),
        page("", "<p style='position:absolute;clip:rect(0,0,0,0)'>SECRET</p>"),
        page("", "<p style='clip-path:inset(100%)'>SECRET</p>"),
        page("", "<p style='height:0;overflow:hidden'>SECRET</p>"),
        page("", "<p style='transform:scale(0)'>SECRET</p>"),
        page("", "<p style='opacity:0.01'>SECRET</p>"),
        page("", "<canvas>SECRET</canvas>"),
        page("", "<p><ruby>字<rp>(</rp><rt>じ</rt><rp>SECRET</rp></ruby></p>"),
        page("", "<svg width=9 height=9><text x=1 y=2 fill='none'>SECRET</text></svg>"),
    ];
    for file in cases {
        told(&file, "頁.html", Category::Unseen);
    }
}

#[test]
fn letters_that_a_page_shows_are_not_told() {
    let cases = [
        page("<style>.h { background: #036; color: #fff }</style>", "<div class=h><p>SEEN</p></div>"),
        page(
            "<style>header { background-image: url(a.png) } header p { color: #fff }</style>",
            "<header><p>SEEN</p></header>",
        ),
        page("<style>.w { color: #fff } .w.d { color: #000 }</style>", "<p class='w d'>SEEN</p>"),
        page("<style>p { color: #fff } p { color: #000 }</style>", "<p>SEEN</p>"),
        page("<style>.w { color: #fff }</style>", "<p class=w style='color:black'>SEEN</p>"),
        page(
            "<style>a:hover { color: #fff } p::before { font-size: 0; content: 'x' }</style>",
            "<a href=a.html>SEEN</a>",
        ),
        page("<style>@media print { p { display: none; color: #fff } }</style>", "<p>SEEN</p>"),
        page("", "<div style='font-size:0'> <span style='font-size:12pt'>SEEN</span> </div>"),
        page("", "<p style='color:#fff'>&nbsp; </p>"),
        page("", "<p style='position:absolute;left:50%;transform:translate(-50%,-50%)'>SEEN</p>"),
        page("", "<details><summary>SEEN</summary>SEEN</details><dialog open>SEEN</dialog>"),
        page("", "<svg viewBox='0 0 9 9'><rect width=9 height=9 fill=navy /><text y=5 fill='#fff'>SEEN</text></svg>"),
    ];
    for file in cases {
        is_clean(&file, "頁.html");
    }
}

#[test]
fn what_a_page_never_shows_goes() {
    let cases = [
        (Category::HiddenText, page("", "<noscript>SECRET</noscript>")),
        (Category::HiddenText, page("", "<noframes>SECRET</noframes>")),
        (Category::HiddenText, page("", "<dialog><p>SECRET</p></dialog>")),
        (Category::HiddenText, page("", "<div popover>SECRET</div>")),
        (Category::HiddenText, page("", "<p style='font-size:0px'>SECRET</p>")),
        (
            Category::HiddenText,
            page("<style>div.a > .x { visibility: hidden }</style>", "<div class=a><p class=x>SECRET</p></div>"),
        ),
        (Category::HiddenText, page("", "<p style='OPACITY: 0.0'>SECRET</p>")),
        (
            Category::HiddenText,
            page("", "<math><semantics><mi>x</mi><annotation>SECRET</annotation></semantics></math>"),
        ),
        (Category::HiddenText, page("", "<svg viewBox='0 0 9 9'><g>SECRET<text y=5>SEEN</text></g></svg>")),
        (Category::HiddenText, page("", "<svg viewBox='0 0 9 9'><defs><g id=a><text>SECRET</text></g></defs></svg>")),
        (Category::PictureData, page("", "<svg viewBox='0 0 9 9'><desc>SECRET</desc></svg>")),
        (Category::PrivateData, page("", "<p data-remark=\"SECRET\">SEEN</p>")),
        (Category::Comments, page("", "<p style=\"color:#000; /* SECRET */\">SEEN</p>")),
        (Category::Comments, page("", "<!--> SEEN <!-- SECRET --!> SEEN")),
    ];
    for (category, file) in cases {
        let out = goes(file.as_bytes(), "頁.html", category, "SECRET");
        assert!(holds(&out, "SEEN") && holds(&out, "</html>"), "{}", String::from_utf8_lossy(&out));
        assert_eq!(file.matches("SEEN").count(), String::from_utf8_lossy(&out).matches("SEEN").count(), "{file}");
        is_clean(&String::from_utf8(out).unwrap(), "頁.html");
    }
    // Another rule prevails: it is seen, and stays.
    is_clean(
        &page("<style>.x { display: none } #a.x { display: block }</style>", "<p class=x id=a>SEEN</p>"),
        "頁.html",
    );
    // A rule that may hold says that nothing is known.
    let narrow = page("<style>@media (max-width: 9em) { p { display: none } }</style>", "");
    told(&narrow, "頁.html", Category::NotInspected);
    // A style may show what data say.
    let shown = page("<style>p::after { content: attr(data-remark) }</style>", "<p data-remark=\"SEEN\">SEEN</p>");
    told(&shown, "頁.html", Category::PrivateData);
}

#[test]
fn what_a_drawing_does_not_draw_goes_or_is_told() {
    let drawing = |inside: &str| {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 100 50\">{inside}<text x=\"1\" y=\"9\">SEEN</text></svg>"
        )
    };
    for inside in [
        "<text x=\"1\" y=\"9\" fill=\"#ffffff\">SECRET</text>",
        "<text style=\"fill:white\" y=\"9\">SECRET</text>",
        "<style>.w{fill:#fefefe}</style><text class=\"w\" y=\"9\">SECRET</text>",
        "<rect width=\"9\" height=\"9\" fill=\"#fff\"/><text fill=\"white\" y=\"9\">SECRET</text>",
        "<text x=\"1\" y=\"9\" fill=\"none\">SECRET</text>",
        "<text x=\"1\" y=\"9\" fill-opacity=\"0\">SECRET</text>",
        "<text x=\"500\" y=\"9\">SECRET</text>",
        "<text x=\"1\" y=\"-5\">SECRET</text>",
        "<g transform=\"translate(0,400)\"><text x=\"1\" y=\"9\">SECRET</text></g>",
    ] {
        told(&drawing(inside), "図.svg", Category::Unseen);
    }
    for (category, inside) in [
        (Category::PictureData, "<desc>SECRET</desc>"),
        (Category::HiddenText, "<defs><text id=\"a\">SECRET</text></defs>"),
        (Category::HiddenText, "<symbol id=\"a\"><text>SECRET</text></symbol>"),
        (Category::HiddenText, "<g>SECRET</g>"),
        (Category::HiddenText, "<text opacity=\"0\" y=\"9\">SECRET</text>"),
        (Category::PrivateData, "<g data-name=\"SECRET\"/>"),
    ] {
        let out = goes(drawing(inside).as_bytes(), "図.svg", category, "SECRET");
        is_clean(&String::from_utf8(out).unwrap(), "図.svg");
    }
    for inside in [
        "<rect width=\"9\" height=\"9\"/><text fill=\"#fff\" y=\"9\">SEEN</text>",
        "<text fill=\"none\" stroke=\"#000\" y=\"9\">SEEN</text>",
        "<defs><text id=\"a\">SEEN</text></defs><use href=\"#a\"/>",
        "<defs><linearGradient id=\"g\"><stop offset=\"0\"/></linearGradient></defs><title>SEEN</title>",
        "<g transform=\"scale(9)\"><text x=\"500\">SEEN</text></g>",
        "<text x=\"-30\" y=\"49\">SEEN<tspan fill=\"#111\">SEEN</tspan></text>",
    ] {
        is_clean(&drawing(inside), "図.svg");
    }
}

#[test]
fn what_rich_text_passes_over_goes_or_is_told() {
    let rich = |inside: &str| {
        format!(
            "{{\\rtf1\\ansi{{\\fonttbl{{\\f0 Arial;}}}}{{\\colortbl;\\red255\\green255\\blue255;\\red0\\green0\\blue128;}}\
             {{\\stylesheet{{\\s1 a;}}{{\\s2\\v b;}}{{\\*\\cs3 \\additive\\v c;}}{{\\s4\\sbasedon2 d;}}}}{inside}\\pard\\plain SEEN\\par}}"
        )
    };
    for (category, inside) in [
        (Category::PrivateData, "{\\*\\secretgroup SECRET}"),
        (Category::PrivateData, "{\\*\\htmltag64 <p>SECRET}"),
        (Category::PrivateData, "{\\b{\\*\\mynote{\\i SECRET}} x}"),
        (Category::Leftovers, "{\\*\\shppict{\\pict x}}{\\nonshppict{\\pict SECRET}}"),
        (Category::Leftovers, "{\\*\\shppict{\\pict x}}{\\shp{\\*\\shpinst x}{\\shprslt SECRET}}"),
        (Category::Leftovers, "a\\bin6 SECRET b"),
        (Category::Links, "{\\pict{\\*\\picprop{\\sp{\\sn pibName}{\\sv C:\\\\SECRET.png}}}00}"),
        (Category::Properties, "{\\info{\\subject SECRET}}"),
        (Category::Comments, "{\\comment SECRET}"),
    ] {
        let file = rich(inside);
        let out = goes(file.as_bytes(), "文.rtf", category, "SECRET");
        assert!(holds(&out, "SEEN"), "{}", String::from_utf8_lossy(&out));
        is_clean(&String::from_utf8(out).unwrap(), "文.rtf");
    }
    for (category, inside) in [
        (Category::Unseen, "{\\cf1 SECRET}"),
        (Category::Unseen, "{\\cf2\\highlight2 SECRET}"),
        (Category::Unseen, "\\pard\\cbpat2{\\cf2 \\'53ECRET}\\par"),
        (Category::Unseen, "{\\fs1 SECRET}"),
        (Category::Unseen, "{\\upr{SECRET}{\\*\\ud x}}"),
        (Category::HiddenText, "\\pard\\s2 SECRET\\par"),
        (Category::HiddenText, "\\pard\\s4 SECRET\\par"),
        (Category::HiddenText, "{\\cs3 SECRET}"),
        (Category::HiddenText, "{\\shp{\\*\\shpinst{\\sp{\\sn fHidden}{\\sv 1}}{\\shptxt SECRET}}}"),
    ] {
        told(&rich(inside), "文.rtf", category);
    }
    for inside in [
        "{\\cf1\\highlight2 SEEN}{\\cf2 SEEN}{\\fs16 SEEN}{\\cf1  \\par}",
        "\\trowd\\clcbpat2\\cellx99{\\cf1 SEEN}\\cell\\row\\trowd\\cellx99 SEEN\\cell\\row",
        "\\pard\\s2\\v0 SEEN\\pard\\s1 SEEN{\\cs3\\plain SEEN}",
        "{\\info{\\upr{\\title \\'3f}{\\*\\ud{\\title \\u31532\\'3f}}}}{\\upr{\\*\\fchars x}{\\*\\ud\\uc0{\\*\\fchars x}}}{\\*\\generator x;}{\\*\\bkmkstart a}{\\*\\bkmkend a}{\\*\\cs3\\v0 x}{\\nonshppict{\\pict00}}",
        "{\\shp{\\*\\shpinst{\\sp{\\sn fHidden}{\\sv 0}}{\\shptxt\\cf1 SEEN}}}",
    ] {
        is_clean(&rich(inside), "文.rtf");
    }
}

/// A message of these headers and this body.
fn message(head: &str, body: &str) -> String {
    format!("From: a@example.go.jp\r\nTo: b@example.go.jp\r\nSubject: x\r\nMIME-Version: 1.0\r\n{head}\r\n{body}")
}

fn several(kind: &str, parts: &[&str]) -> String {
    let parts: String = parts.iter().map(|part| format!("--b\r\n{part}\r\n")).collect();
    message(&format!("Content-Type: multipart/{kind}; boundary=b\r\n"), &format!("{parts}--b--\r\n"))
}

#[test]
fn what_mail_programs_do_not_show_goes_or_is_told() {
    let html = "Content-Type: text/html; charset=utf-8\r\n\r\n<html><body><p>会議は<b>10日</b>です</p></body></html>";
    let plain = |words: &str| format!("Content-Type: text/plain; charset=utf-8\r\n\r\n{words}");
    let alternative = |words: &str| several("alternative", &[&plain(words), html]);
    is_clean(&alternative("会議は\r\n*10日*です\r\n"), "m.eml");
    for words in ["会議は11日です", "会議は10日です\r\n内密の件は別紙のとおり", "会議は"] {
        told(&alternative(words), "m.eml", Category::Unseen);
    }
    let coded = "Content-Type: text/plain; charset=iso-2022-jp\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=1B$B2q5D$O=1B(B10=1B$BF|$G$9=1B(B";
    is_clean(&several("alternative", &[coded, html]), "m.eml");
    told(
        &several("alternative", &[&plain("会議は10日です"), "Content-Type: text/plain-secret\r\n\r\n", html]),
        "m.eml",
        Category::Unseen,
    );
    // A picture that the text shows, and one that it does not.
    let picture = |id: &str| {
        format!(
            "Content-Type: text/plain\r\nContent-ID: <{id}>\r\nContent-Disposition: inline; filename=a.txt\r\n\r\nx"
        )
    };
    let shows = "Content-Type: text/html\r\n\r\n<html><body><p>x</p><img src=\"cid:a%40b\"></body></html>";
    is_clean(&several("related", &[shows, &picture("a@b")]), "m.eml");
    told(&several("related", &[shows, &picture("a@b"), &picture("c@d")]), "m.eml", Category::Unseen);
    // Within a message that is forwarded, and in parts, headers are looked at as in the message itself.
    let inner = message("Received: from SECRET\r\n", "x");
    let forwarded = several("mixed", &[&format!("Content-Type: message/rfc822\r\n\r\n{inner}")]);
    goes(forwarded.as_bytes(), "m.eml", Category::MailRoute, "SECRET");
    let inner = message("Bcc: SECRET@example.go.jp\r\n", "x");
    let forwarded = several("mixed", &[&format!("Content-Type: message/rfc822\r\n\r\n{inner}")]);
    goes(forwarded.as_bytes(), "m.eml", Category::Bcc, "SECRET");
    goes(several("mixed", &["Remark: SECRET\r\n\r\nx"]).as_bytes(), "m.eml", Category::MailRoute, "SECRET");
    goes(message("Comments: SECRET\r\n", "x").as_bytes(), "m.eml", Category::Properties, "SECRET");
    let before = several("mixed", &["\r\nx"])
        .replace("\r\n--b\r\n", "\r\nThis is a multi-part message in MIME format. SECRET\r\n--b\r\n");
    goes(before.as_bytes(), "m.eml", Category::HiddenText, "SECRET");
    for junk in ["eHl6\r\n!-SECRET-!\r\n", "eHl6eA==\r\nSECRETS=\r\n"] {
        let coded = message("Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n", junk);
        assert!(found(coded.as_bytes(), "m.eml").counts().contains_key(&Category::Unseen), "{junk}");
    }
    is_clean(&message("Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n", "eHl6eA==\r\n"), "m.eml");
}
