//! Control words: how they are written, and which of them are hidden data.

use super::CUT;
use crate::error::ReadError;
use crate::hidden::Category;
use crate::label::LABEL_PROPERTY;

/// A judgement: which category, and what it is.
pub(super) type Named = (Category, &'static str, &'static str);

/// A control word or symbol.
pub(super) struct Control<'b> {
    /// The word; a symbol's character; empty for a symbol that is not ASCII.
    pub word: &'b str,
    pub number: Option<i64>,
    pub start: usize,
    /// Behind it, and the blank that ends it.
    pub end: usize,
}

impl<'b> Control<'b> {
    /// Reads the control at `start`, where a backslash stands. Binary data are part of the word that announces them.
    pub fn read(bytes: &'b [u8], start: usize) -> Result<Self, ReadError> {
        let rest = bytes.get(start + 1..).ok_or(CUT)?;
        let letters = rest.iter().take(64).take_while(|b| b.is_ascii_alphabetic()).count();
        let text = |from: usize, to: usize| rest.get(from..to).and_then(|b| std::str::from_utf8(b).ok()).unwrap_or("");
        if letters == 0 {
            let length = if rest.first() == Some(&b'\'') { 3 } else { 1 };
            let end = start + 1 + length.min(rest.len());
            return Ok(Self { word: text(0, 1), number: None, start, end });
        }
        let sign = usize::from(rest.get(letters) == Some(&b'-'));
        let digits = rest.iter().skip(letters + sign).take(18).take_while(|b| b.is_ascii_digit()).count();
        let behind = if digits == 0 { letters } else { letters + sign + digits };
        let number = text(letters, behind).parse().ok();
        let word = text(0, letters);
        let mut end = start + 1 + behind + usize::from(rest.get(behind) == Some(&b' '));
        if word == "bin" {
            let length = number.and_then(|n: i64| usize::try_from(n).ok()).unwrap_or(0);
            end = end.checked_add(length).filter(|end| *end <= bytes.len()).ok_or(CUT)?;
        }
        Ok(Self { word, number, start, end })
    }

    /// Whether it stands for a character.
    pub fn is_text(&self) -> bool {
        const TEXT: &[&str] = &[
            "'",
            "u",
            "tab",
            "line",
            "par",
            "emdash",
            "endash",
            "bullet",
            "lquote",
            "rquote",
            "ldblquote",
            "rdblquote",
            "emspace",
            "enspace",
            "qmspace",
            "~",
            "_",
            "-",
            "{",
            "}",
            "\\",
            "chdate",
            "chtime",
            "chpgn",
            "zwj",
            "zwnj",
        ];
        TEXT.contains(&self.word)
    }
}

/// Groups that hold tables, and words that are nobody's text.
pub(super) fn is_table(word: &str) -> bool {
    const TABLES: &[&str] = &[
        "fonttbl",
        "colortbl",
        "stylesheet",
        "listtable",
        "listoverridetable",
        "latentstyles",
        "generator",
        "info",
        "themedata",
        "colorschememapping",
        "xmlnstbl",
        "pict",
        "bkmkstart",
        "bkmkend",
        "defchp",
        "defpap",
        "pnseclvl",
        "listtext",
        "fldinst",
        "datafield",
        "falt",
        "panose",
        "levelnumbers",
        "leveltext",
        "listname",
        "wgrffmtfilter",
    ];
    TABLES.contains(&word)
}

/// Groups that bytes as they are belong in.
pub(super) fn holds_data(word: &str) -> bool {
    matches!(
        word,
        "pict" | "objdata" | "themedata" | "datastore" | "colorschememapping" | "fontemb" | "fontfile" | "blipuid"
    )
}

/// Whether text stands for white space only.
pub(super) fn is_blank(raw: &[u8]) -> bool {
    const BLANKS: &[&[u8]] =
        &[b"\\par", b"\\tab", b"\\line", b"\\~", b"\\'20", b"\\'a0", b"\\emspace", b"\\enspace", b"\\qmspace"];
    BLANKS.contains(&raw.trim_ascii_end())
}

/// Destinations that may be passed over (`\*`) and that the format knows (RTF 1.9.1), and what writers of today add.
const DESTINATIONS: &str = "aftncn aftnsep aftnsepc background bkmkend bkmkstart colorschememapping cs defchp defpap do ebcend ebcstart \
     expandedcolortbl factoidname falt fchars ffdeftext ffentrymcr ffexitmcr ffformat ffhelptext ffl ffname ffstattext \
     fldrslt fldtype fontemb fontfile fonttbl footnote formfield ftncn ftnsep ftnsepc g generator gridtbl hl hlfr \
     hlloc hlsrc hsv keycode latentstyles lchars levelnumbers leveltext linkval listlevel listname listoverride \
     listoverridetable listpicture liststylename listtable listtext lsdlockedexcept nesttableprops nextfile \
     oldcprops oldpprops oldsprops oldtprops panose password pgdsc pgdscno pgdsctbl pgp pgptbl picprop pn pnseclvl \
     pntext pntxta pntxtb propname protend protstart rtf shp shpgrp shpinst shppict shptxt sn sp staticval sv svb \
     tc themedata ts ud wgrffmtfilter writereservhash xe xmlattr xmlattrname xmlattrns xmlattrvalue xmlname \
     xmlnstbl xmlsdttcell xmlsdttpara xmlsdttregular xmlsdttrow xmlsdttunknown";
/// The same within formulas.
const FORMULAS: &str = "moMath moMathPara moMathParaPr mmath mmathPr mmathPict macc maccPr mbar mbarPr mborderBox mborderBoxPr mbox \
     mboxPr mchr mctrlPr md mdPr mdeg mdegHide mden me meqArr meqArrPr mf mfName mfPr mfunc mfuncPr mgroupChr \
     mgroupChrPr mlim mlimLow mlimLowPr mlimUpp mlimUppPr mlimlow mlimlowPr mlimupp mlimuppPr mm mmPr mmc mmcPr \
     mmcs mmr mnary mnaryPr mnum mphant mphantPr mr mrPr mrad mradPr msPre msPrePr msSub msSubPr msSubSup \
     msSubSupPr msSup msSupPr msub msup msepChr mbegChr mendChr mtype mgrow mshp mpos mvertJc mlimLoc mlimloc \
     msubHide msupHide mnoBreak mdiff mopEmu mstrikeH mstrikeV mstrikeBLTR mstrikeTLBR mhideTop mhideBot mhideLeft \
     mhideRight mtransp mzeroAsc mzeroDesc mzeroWid mshow mmaxDist mobjDist mplcHide mbaseJc mrSp mrSpRule mcSp \
     mcGp mcGpRule mcount mmcJc malnScr maln mscr msty mlit mnor mbrk margSz";

/// Whether a group that may be passed over is known: what stands in others is read by no program that is known.
pub(super) fn is_destination(word: &str) -> bool {
    [DESTINATIONS, FORMULAS].iter().any(|list| list.split(' ').any(|known| known == word))
}

/// Words that only tracked changes need.
pub(super) fn is_of_changes(word: &str) -> bool {
    const CHANGES: &[&str] = &[
        "revauth",
        "revdttm",
        "revauthdel",
        "revdttmdel",
        "crauth",
        "crdate",
        "mvauth",
        "mvdate",
        "pnrauth",
        "pnrdate",
        "revisions",
        "revprop",
        "revbar",
        "trauth",
        "trdate",
        "pndec",
    ];
    CHANGES.contains(&word)
}

/// Whether a control word is hidden data itself.
pub(super) fn control(control: &Control<'_>) -> Option<Named> {
    let is_some = control.number.is_some_and(|n| n != 0);
    match control.word {
        "revised" if control.number != Some(0) => Some((Category::Changes, "挿入", "insertion")),
        word if word.ends_with("rsid") || word == "rsidroot" => {
            is_some.then_some((Category::History, "編集のたびの番号", "revision ids"))
        }
        "version" if control.number.is_some_and(|n| n > 1) => {
            Some((Category::History, "版の番号", "the revision's number"))
        }
        "edmins" if is_some => Some((Category::History, "編集時間", "time spent")),
        "objupdate" | "objautlink" => Some((Category::Links, "自動更新される埋込み", "an object that updates itself")),
        _ => None,
    }
}

/// Whether [`group`] has something to say of a group.
pub(super) fn is_judged(word: &str) -> bool {
    matches!(word, "pict" | "revtbl" | "fldinst" | "userprops" | "sp" | "upr")
        || is_for_old_programs(word)
        || known(word).is_some()
}

/// What newer programs have in another form beside it.
pub(super) fn is_for_old_programs(word: &str) -> bool {
    matches!(word, "nonshppict" | "shprslt")
}

/// What of a group can't be taken out, and is told.
pub(super) fn only_told(word: &str, inside: &[u8]) -> Option<Named> {
    let text = String::from_utf8_lossy(inside);
    let value = || text.split_once("\\sv").map(|(_, value)| value.trim_matches(|c: char| !c.is_ascii_digit()));
    match word {
        // Of groups that programs pass over it says nothing that is seen.
        "upr" if !text.trim_start().starts_with("{\\*") => Some((
            Category::Unseen,
            "旧ソフト向けに別に書かれた文字",
            "text that is written otherwise for old programs",
        )),
        "sp" if text.contains("fHidden") && value().is_some_and(|value| value != "0") => {
            Some((Category::HiddenText, "非表示の図形", "a hidden shape"))
        }
        _ => None,
    }
}

/// What a group is, if it is hidden data; `inside` is what stands in it.
pub(super) fn group(word: &str, inside: &[u8]) -> Vec<Named> {
    let is_empty = !inside.iter().any(|b| !b.is_ascii_whitespace() && !matches!(b, b'{' | b'}'));
    let has = |words: &str| inside.windows(words.len()).any(|w| w == words.as_bytes());
    match word {
        "revtbl" => {
            let people = inside.iter().filter(|b| **b == b'{').count() > usize::from(has("Unknown;"));
            people
                .then_some((Category::Changes, "変更した人の名前", "names of those who changed it"))
                .into_iter()
                .collect()
        }
        "fldinst" => field(inside).into_iter().collect(),
        "sp" if has("pibName") => vec![(Category::Links, "画像の場所のパス", "the path of a picture")],
        "userprops" => {
            let ours = usize::from(has(LABEL_PROPERTY));
            let label = (ours > 0).then_some((Category::Label, "格付の記録", "the stored label"));
            let all = inside.windows(9).filter(|w| w == b"\\propname").count();
            let custom =
                (all > 2 * ours).then_some((Category::CustomData, "ユーザー設定のプロパティ", "custom properties"));
            label.into_iter().chain(custom).collect()
        }
        _ if is_empty => Vec::new(),
        _ => known(word).into_iter().collect(),
    }
}

fn known(word: &str) -> Option<Named> {
    Some(match word {
        "author" | "operator" | "company" | "manager" | "protusertbl" => {
            (Category::Authors, "作成者・所属", "authors and organisations")
        }
        "keywords" | "doccomm" | "category" | "subject" => (Category::Properties, "プロパティ", "properties"),
        "printim" => (Category::History, "印刷日時", "the last print"),
        "rsidtbl" => (Category::History, "編集のたびの番号", "revision ids"),
        "hlinkbase" | "template" | "filetbl" => (Category::Links, "テンプレート・ファイルの場所", "places of files"),
        "mailmerge" => (Category::Links, "差し込み印刷の接続先", "the source of a mail merge"),
        "comment" | "annotation" | "atnid" | "atnauthor" | "atntime" | "atndate" | "atnicn" | "atnref"
        | "atrfstart" | "atrfend" | "atnparent" => (Category::Comments, "コメント", "comments"),
        "objdata" | "objclass" | "objname" | "objalias" | "objsect" => {
            (Category::Objects, "埋込みオブジェクト", "an embedded object")
        }
        "datastore" | "docvar" | "xmlopen" | "xmlclose" => (Category::CustomData, "カスタムデータ", "custom data"),
        "passwordhash" | "datafield" => {
            (Category::PrivateData, "アプリケーションの内部データ", "private data of a program")
        }
        "blipuid" => (Category::PictureData, "画像の識別子", "ids of pictures"),
        _ => return None,
    })
}

/// A field whose code names something outside.
fn field(inside: &[u8]) -> Option<Named> {
    let code: String = String::from_utf8_lossy(inside).to_ascii_uppercase();
    let begins = |word: &str| code.split(|c: char| !c.is_ascii_alphabetic()).any(|w| w == word);
    let outside = ["INCLUDETEXT", "INCLUDEPICTURE", "LINK", "DDE", "DDEAUTO", "DATABASE", "IMPORT"];
    // As RTF writes a backslash: twice.
    let is_file =
        code.contains("FILE:") || code.contains("\"\\\\\\\\") || code.contains(":\\\\\\\\") || code.contains(":\\\\");
    if outside.iter().any(|word| begins(word)) {
        return Some((Category::Links, "外部への参照", "a reference to something outside"));
    }
    if begins("MACROBUTTON") {
        return Some((Category::Macros, "マクロの呼出し", "calls of macros"));
    }
    (begins("HYPERLINK") && is_file).then_some((Category::Links, "ファイルへのリンク", "a link to a file"))
}
