//! 文言. Everything this library says to people, in both languages, in one place.

mod labelling;
mod leaving;
mod saving;
mod system;

use std::io;

use kakuzuke_core::code::Text;

pub(crate) use self::labelling::*;
pub(crate) use self::leaving::*;
pub(crate) use self::saving::*;
pub(crate) use self::system::*;

pub(crate) const SYMLINK: Text = Text::fixed(
    "シンボリックリンクは処理しません。リンク先のファイルを直接指定してください。",
    "This is a symbolic link. Name the file it leads to.",
);
pub(crate) const NOT_A_FILE: Text = Text::fixed(
    "通常のファイルではありません（パイプ、デバイスなど）。ファイルを指定してください。",
    "Not a regular file (a pipe or device). Name a file.",
);
pub(crate) const FOLDER: Text =
    Text::fixed("フォルダです。ファイルを指定してください。", "This is a folder. Name a file.");
pub(crate) const HARD_LINKS: Text = Text::fixed(
    "このファイルには別の名前（ハードリンク）があり、保護してもそちらに平文が残ります。別の名前を削除してからやり直してください。",
    "The file has another name (hard link) under which its plaintext would remain. Remove that name first.",
);
pub(crate) const BUSY: Text = Text::fixed(
    "ほかの処理がこのファイルを扱っています。終わってからやり直してください。",
    "Another program of ours is working on this file. Try again when it is done.",
);
pub(crate) const CHANGED_MEANWHILE: Text = Text::fixed(
    "処理中にファイルが変更されました。元のファイルはそのままです。保存し終えてからやり直してください。",
    "The file was changed meanwhile. It was left as it is; try again when it is saved.",
);
pub(crate) const NAME_TAKEN: Text = Text::fixed(
    "同じ名前のファイルがあります。移動するか別の名前を指定してください。",
    "A file of that name exists. Move it or choose another name.",
);

pub(crate) const TOO_DEEP: Text = Text::fixed(
    "フォルダの階層が深すぎるため、この先は見ていません。",
    "The folders are nested too deeply; what lies beyond was not looked at.",
);
pub(crate) const TOOK_TOO_LONG: Text = Text::fixed(
    "読むのに時間がかかりすぎるため、途中までで判断しています。",
    "Reading it takes too long; it was judged by what had been read.",
);
pub(crate) const BEING_WRITTEN: Text = Text::fixed(
    "読んでいる間に書き換えられています。次の走査で読み直します。",
    "It was written to while it was read. The next scan reads it again.",
);

pub(crate) const OWNER_NOT_KEPT: Text = Text::fixed(
    "ほかの利用者のファイルで、所有者またはグループを保てません。所有者か管理者の権限で見張ってください。ファイルはそのままです。",
    "The file belongs to somebody else and would lose its owner or group. Watch as its owner or as an administrator. It was left as it is.",
);
pub(crate) const CHANGED_SINCE_SIGNED: Text = Text::fixed(
    "格付した後に内容が書き換えられ、署名と合いません。決定者が格付し直してください。",
    "The content was changed after it was labelled, and no longer fits its signature. Its decider labels it anew.",
);

/// What an error of the file system means to a person.
pub(crate) fn io(error: &io::Error) -> Text {
    use io::ErrorKind as K;
    match error.kind() {
        K::NotFound => Text::fixed("ファイルが見つかりません。", "No such file."),
        K::PermissionDenied => Text::fixed(
            "ファイルを読み書きする権限がありません。管理者に確認してください。",
            "No permission to read or write the file. Ask its owner.",
        ),
        K::ReadOnlyFilesystem => Text::fixed(
            "書込みできない場所です。書き込める場所に移してからやり直してください。",
            "The file system is read-only. Copy the file to where you can write.",
        ),
        K::IsADirectory => FOLDER,
        K::UnexpectedEof => Text::fixed(
            "ファイルが途中で終わっています。入手し直してください。",
            "The file ends too early. Get it again.",
        ),
        _ => Text::new(
            format!("ファイルを読み書きできません（{error}）。"),
            format!("The file cannot be read or written ({error})."),
        ),
    }
}

pub(crate) const NO_HOME: Text = Text::fixed(
    "プロファイルの場所を決められません。KAKUZUKE_PROFILE で指定してください。",
    "There is no place for a profile. Name one with KAKUZUKE_PROFILE.",
);
pub(crate) const NO_PROFILE: Text = Text::fixed(
    "この端末はまだ登録されていません。管理者から登録コードを受け取り、labeler enrol を実行してください。",
    "This device is not enrolled. Get a code from the administrator and run labeler enrol.",
);
pub(crate) const PROFILE_EXISTS: Text = Text::fixed(
    "ここにはすでにプロファイルがあります。別の場所を --profile で指定してください。",
    "There is a profile here already. Name another place with --profile.",
);
pub(crate) const PROFILE_DAMAGED: Text = Text::fixed(
    "プロファイルの内容が壊れているか、一致しません。端末を登録し直してください。",
    "The profile is damaged or its parts do not fit. Enrol the device again.",
);
pub(crate) const PROFILE_OPEN_TO_OTHERS: Text = Text::fixed(
    "プロファイルのフォルダを他の利用者が読めます。所有者だけが読めるようにしてください（chmod 700）。",
    "Others can read the profile folder. Make it private to its owner (chmod 700).",
);
pub(crate) const PASSPHRASE_NEEDED: Text = Text::fixed(
    "パスフレーズが必要です。KAKUZUKE_PASSPHRASE で指定してください。",
    "The profile needs its passphrase. Give it in KAKUZUKE_PASSPHRASE.",
);
pub(crate) const WRONG_PASSPHRASE: Text = Text::fixed(
    "パスフレーズが違うか、鍵のファイルが壊れています。",
    "Wrong passphrase, or the file of keys is damaged.",
);
pub(crate) const CERTIFICATE_PERIOD: Text = Text::fixed(
    "端末証明書の有効期間外です。時計を確認し、合っていれば管理者に再登録を依頼してください。",
    "The device certificate is not valid at this time. Check the clock; if it is right, ask for a new enrolment.",
);
pub(crate) const DESCRIPTION_OLD: Text = Text::fixed(
    "機関の情報が古いか期限切れです。庁内ネットワークに接続してやり直してください。続く場合は管理者に連絡してください。",
    "The authority's description is older than one seen before, or has ended. Connect and try again; if it stays, tell the administrator.",
);
pub(crate) const DESCRIPTION_UNSIGNED: Text = Text::fixed(
    "機関の情報の署名を確認できません。接続先を管理者に確認してください。",
    "The authority's description is not signed by it. Check with the administrator what you are connected to.",
);
pub(crate) const CLOCK_TURNED_BACK: Text = Text::fixed(
    "端末の時計が、鍵サーバで確認した時刻より前を指しています。時刻を合わせるか、庁内ネットワークに接続してください。",
    "This device's clock is before the newest time seen of the key server. Set the time, or connect to the agency network.",
);

pub(crate) const SERVER_NOT_NAMED_BY_CODE: Text = Text::fixed(
    "接続先は、この登録コードの発行元ではありません。何も送信していません。コードを管理者に確認してください。",
    "What answers there is not the authority of this enrolment code. Nothing was sent; check the code with the administrator.",
);
pub(crate) const ANSWER_UNREADABLE: Text = Text::fixed(
    "鍵サーバの応答を読めません。ソフトウェアの版を確認してください。",
    "The key server's answer cannot be read. Check the versions of the software.",
);

/// An answer that is no problem document.
pub(crate) fn answer_status(status: u16) -> Text {
    Text::new(
        format!("鍵サーバが処理できませんでした（HTTP {status}）。しばらくしてからやり直してください。"),
        format!("The key server could not act (HTTP {status}). Try again later."),
    )
}

/// By how much this device's clock is ahead of the server's, in seconds; negative: behind.
pub(crate) fn clock_skew(ahead: i64) -> Text {
    let minutes = (ahead.unsigned_abs() + 30) / 60;
    let (ja, en) = if ahead > 0 { ("進んで", "ahead of") } else { ("遅れて", "behind") };
    Text::new(
        format!("端末の時計が鍵サーバより約{minutes}分{ja}います。時刻を合わせてからやり直してください。"),
        format!("This device's clock is about {minutes} minutes {en} the key server's. Set it and try again."),
    )
}

/// A mail to nobody, or to too many.
pub(crate) const NO_ADDRESSEES: Text =
    Text::fixed("宛先は 1 から 100 までです（--to）。", "From 1 to 100 addressees (--to).");
/// A document without a grade that is to leave.
pub(crate) const GRADE_FIRST: Text = Text::fixed(
    "格付がありません。--grade で指定するか、先に格付してください（labeler protect、label）。",
    "It has no grade. Give one with --grade, or grade it first (labeler protect, label).",
);
/// A document in clear that is to be taken out.
pub(crate) const PROTECT_FIRST: Text = Text::fixed(
    "持ち出せるのは、保護された文書と機密性１の文書だけです。先に保護してください（labeler protect）。",
    "Only protected documents, and those of confidentiality 1, are taken out. Protect it first (labeler protect).",
);
/// 機密性1 without a signed label.
pub(crate) const LABEL_FIRST: Text = Text::fixed(
    "平文で送る文書には、署名された格付の明示が必要です。先に labeler protect を実行してください。",
    "What goes in clear must carry a signed label. Run labeler protect first.",
);
/// A folder without a mark.
pub(crate) const NO_MARK: Text = Text::fixed(
    "登録された媒体の印がありません。媒体の管理者が labeler media mark を実行した媒体だけに書き込めます。",
    "There is no mark of a registered medium. Documents go only onto media that their keeper has marked (labeler media mark).",
);
/// A mark of another medium, or none of ours.
pub(crate) const NOT_THE_MEDIUM: Text = Text::fixed(
    "媒体の印がこの媒体のものではありません。写されたか、偽造されたものです。",
    "The mark is not this medium's: it was copied or forged.",
);
/// No such medium here.
pub(crate) const NO_MEDIUM: Text = Text::fixed(
    "その管理番号の媒体が見付かりません。--at で場所を指定してください。",
    "No medium of this id is found. Say where it is with --at.",
);
/// A medium that is no file system of its own.
pub(crate) const MEDIUM_IS_HOME: Text = Text::fixed(
    "この場所は端末と同じファイルシステムにあります。外部の媒体か確かめてください。",
    "This place is on the same file system as the profile. Check that it is a medium of its own.",
);
/// A file system without a UUID.
pub(crate) const MEDIUM_UNBOUND: Text = Text::fixed(
    "この媒体のファイルシステムには識別子（UUID）がないため、印が別の媒体に写されても見分けられません。",
    "The medium's file system has no UUID here: a copy of the mark on another medium could not be told.",
);
/// A file of a departure that is still on the medium.
pub(crate) const STILL_THERE: Text = Text::fixed(
    "持ち出した文書がまだ媒体に残っています。削除してからやり直してください。",
    "A document that was taken out is still on the medium. Delete it and try again.",
);
/// More files than are looked at.
pub(crate) const TOO_MANY_FILES: Text =
    Text::fixed("媒体のファイルが多すぎます。", "There are too many files on the medium.");
/// What was written is not what is there.
pub(crate) const NOT_READ_BACK: Text = Text::fixed(
    "媒体から読み返した内容が書いたものと違います。媒体が壊れているおそれがあります。残していません。",
    "What was read back from the medium is not what was written; the medium may be broken. It was not left there.",
);
/// No such entry.
pub(crate) const NO_LEDGER: Text =
    Text::fixed("その番号の持出しは台帳にありません。", "The ledger has no taking out of this number.");
/// A file that is neither a mail of ours nor a protected document.
pub(crate) const NOT_OUR_MAIL: Text = Text::fixed(
    "labeler send で作成したメールでも、保護された文書でもありません。台帳番号で指定してください（--number）。",
    "Neither a mail that labeler send wrote nor a protected document. Name the number in the ledger (--number).",
);
/// A document too large to be made pages of.
pub(crate) const TOO_LARGE_TO_PRINT: Text =
    Text::fixed("印刷するには大きすぎます（512 MiB まで）。", "Too large to print (512 MiB at most).");
/// No program that makes pages.
pub(crate) const NO_RENDERER: Text = Text::fixed(
    "この種類の文書をページにする LibreOffice（soffice）がないか、変換できません。PDF にしたものを保護して印刷してください。",
    "LibreOffice (soffice), which makes pages of this kind of document, is missing or could not. Protect it as a PDF and print that.",
);
/// Prints are plain.
pub(crate) const PRINTS_ARE_PLAIN: Text = Text::fixed(
    "印刷用のファイルは平文です。印刷したら削除してください。",
    "The files for printing are in clear. Delete them once they are printed.",
);
/// The plaintext had to lie on a disk.
pub(crate) const RENDERED_ON_DISK: Text = Text::fixed(
    "この端末にはメモリ上の一時領域がないため、変換の間、平文がディスクに置かれました（削除済み）。",
    "This device has no temporary place in memory: while pages were made, the plaintext lay on its disk (removed now).",
);
/// Attachments larger than mail carries.
pub(crate) const MAIL_TOO_LARGE: Text = Text::fixed(
    "添付が大きすぎます（合計 64 MiB まで）。分けて送るか、ほかの方法で渡してください。",
    "The attachments are too large (64 MiB in all). Send them in parts, or hand them over otherwise.",
);
/// A document that shows a cover already.
pub(crate) const COVERED_ALREADY: Text = Text::fixed(
    "この文書には既に表紙があります。表紙を付けるのは .kkz のファイルです。",
    "This document shows a cover already; it is .kkz files that are given one.",
);
/// A label in clear that somebody else decided.
pub(crate) const LOWERS_A_LABEL: Text = Text::fixed(
    "この文書に明示された格付を下げられるのは、その決定者だけです（3.1.1(3)(c)）。",
    "Only its decider lowers the label this document carries (3.1.1(3)(c)).",
);
/// 明示のみ for 機密性3.
pub(crate) const SECRET_IN_CLEAR: Text = Text::fixed(
    "機密性３情報は平文のまま明示するだけにはできません。labeler protect で保護してください。",
    "Confidentiality 3 is never only labelled and left in clear. Protect it (labeler protect).",
);

pub(crate) const SEVERAL_ENVELOPES: Text = Text::fixed(
    "保護された内容が複数見付かりました。改ざんされているおそれがあります。入手し直してください。",
    "There is more than one protected content in this file. It may have been tampered with; get it again.",
);
pub(crate) const NOT_OUR_TICKET: Text = Text::fixed(
    "チケットを確認できません。labeler sync で取得し直してください。",
    "The ticket does not verify. Fetch new ones with labeler sync.",
);
pub(crate) const NO_SUCH_KEK: Text = Text::fixed(
    "チケットが示す鍵が機関の情報にありません。庁内ネットワークに接続してやり直してください。",
    "The authority's description has not the key the ticket names. Connect and try again.",
);
pub(crate) const CLEAR_IN_A_PIPE: Text = Text::fixed(
    "暗号化を要しない格付です。パイプでは扱えません。ファイルを指定してください。",
    "This grade needs no encryption; it can't be handled in a pipe. Name a file.",
);
pub(crate) const NOT_OUR_LICENCE: Text = Text::fixed(
    "鍵サーバの許可を確認できません。接続先を管理者に確認してください。",
    "The licence does not verify. Check with the administrator what you are connected to.",
);
pub(crate) const SEVERAL_AUTHORITIES: Text = Text::fixed(
    "複数の機関の許可が要る文書です。この版では開けません。",
    "The document needs licences of several authorities; this version can't open it.",
);
pub(crate) const NO_EXPORT: Text =
    Text::fixed("平文で出力する許可がありません。", "There is no permission to write it in clear.");
pub(crate) const LICENCE_ENDED: Text =
    Text::fixed("利用の許可が終わりました。開き直してください。", "The licence has ended. Open it again.");
pub(crate) const NOT_A_TARGET: Text =
    Text::fixed("出力先が通常のファイルではありません。", "The target is not a regular file.");
pub(crate) const NO_LEASE_GIVEN: Text = Text::fixed(
    "鍵サーバはオフラインでの利用を許可しませんでした。",
    "The key server gave no permission for use offline.",
);
pub(crate) const COVER_WITHOUT_ENVELOPE: Text = Text::fixed(
    "表紙だけが残り、保護された内容が失われています。元のファイルを入手し直してください。",
    "Only the cover is left; the protected content is gone. Get the file again from its source.",
);
pub(crate) const NO_SOURCE_LABEL: Text = Text::fixed("引用元に格付が見付かりません。", "The source has no label.");
pub(crate) const LOG_WENT_BACK: Text = Text::fixed(
    "監査ログが、以前に確認したものの続きではありません。直ちに監査者に連絡してください。",
    "The audit log does not continue the one seen before. Tell the auditor at once.",
);
pub(crate) const NO_PROGRAM: Text = Text::fixed(
    "編集するソフトを起動できません。「-- ソフト名」で指定してください。",
    "The program can't be started. Name one after --.",
);
pub(crate) const OWN_PROFILE: Text = Text::fixed(
    "この端末のプロファイル（鍵）です。保護すると何も開けなくなるため、対象にしません。",
    "This belongs to the profile of this device. Protected, it could open nothing any more; it is left as it is.",
);
pub(crate) const EDITED_MEANWHILE: Text = Text::fixed(
    "編集中に、別の版がこのファイルに保存されました。上書きせず、編集した内容は終了時に別の文書として保護します。",
    "Another version was saved under this name meanwhile. It is not overwritten; at the end, what was edited is protected as a document of its own.",
);
pub(crate) const NO_FILES: Text = Text::fixed("対象のファイルがありません。", "There are no files.");

/// A taxonomy this version does not have.
pub(crate) fn unknown_taxonomy(id: &str) -> Text {
    Text::new(
        format!("格付の体系「{id}」を知りません。ソフトウェアを更新してください。"),
        format!("The taxonomy {id} is not known here. Update the software."),
    )
}

/// A grade that does not name all three axes.
pub(crate) fn grade_incomplete(text: &str) -> Text {
    Text::new(
        format!("格付「{text}」を読めません。C2I2A1 のように、機密性・完全性・可用性をすべて指定してください。"),
        format!("The grade {text:?} is not complete. Give all three axes, as in C2I2A1."),
    )
}

/// A grade where a restriction is expected.
pub(crate) fn grade_among_restrictions(text: &str) -> Text {
    Text::new(
        format!("取扱制限「{text}」に格付が含まれています。格付は --grade で指定してください。"),
        format!("The restriction {text:?} holds a grade. Give grades with --grade."),
    )
}

/// A restriction the taxonomy does not know, and the one it may be a slip of.
pub(crate) fn unknown_restriction(written: &str, nearest: Option<String>) -> Text {
    let (ja, en) = nearest.map_or_else(Default::default, |word| {
        (format!("「{word}」の誤りではありませんか。"), format!(" Did you mean {word}?"))
    });
    Text::new(
        format!(
            "「{written}」は知られていない取扱制限です。{ja}書かれたとおりに表示し、平文での出力と提供を止めますが、それ以外は人が守ります。"
        ),
        format!(
            "{written} is no restriction known here.{en} It is shown as written and stops clear copies and providing; the rest is left to people."
        ),
    )
}

/// A name or post that can't stand on a label.
pub(crate) fn bad_name(text: &str) -> Text {
    Text::new(format!("「{text}」は格付に書ける名称ではありません。"), format!("{text:?} can't stand on a label."))
}

/// Why sealing was refused, where the general words do not say what to do.
pub(crate) fn seal(error: kakuzuke_core::envelope::SealError) -> Text {
    match error {
        kakuzuke_core::envelope::SealError::Durability => Text::fixed(
            "可用性２情報の鍵は、二か所に保管する必要があります（7.1.2(1)(b)）が、この鍵サーバには現在、写しがありません。管理者に確認してください（kakuzuke-keyserver copy）。",
            "Keys of 可用性2 information must be held in two places (7.1.2(1)(b)); this key server has no copy at the moment. Ask the administrator (kakuzuke-keyserver copy).",
        ),
        other => other.code().text(),
    }
}

/// A working copy that could not be finished.
pub(crate) fn unsaved(folder: &std::path::Path, why: &crate::error::Error) -> Text {
    let (folder, why) = (folder.display(), why.text());
    Text::new(
        format!(
            "保護できていない編集内容が平文で残っています：{folder}（{}）原因を除いてから labeler doctor を実行してください。",
            why.ja
        ),
        format!(
            "Edited content that could not be protected lies in clear in {folder} ({}). Remove the cause and run labeler doctor again.",
            why.en
        ),
    )
}

/// Content of an edit, protected at its end or after a crash.
pub(crate) fn saved_edit(saved: &crate::reports::SavedEdit) -> Text {
    let path = saved.path.display();
    if saved.path == saved.edited {
        return Text::new(
            format!("異常終了した編集の、保存済みの内容を保護しました：{path}"),
            format!("An edit had ended badly; what it had saved is protected now: {path}"),
        );
    }
    let (edited, why) = (saved.edited.display(), saved.reason.as_ref().map(|reason| &reason.text));
    let (ja, en) = why.map_or((String::new(), String::new()), |why| (why.ja.to_string(), format!(" {}", why.en)));
    Text::new(
        format!(
            "{edited} の編集で保存した内容を、別の文書として保護しました：{path}　{ja}開けるのは本人だけです。内容を確認してください。"
        ),
        format!(
            "Content saved while editing {edited} is protected as a document of its own: {path}.{en} Only you can open it; look at it."
        ),
    )
}

pub(crate) const NOT_PUBLIC: Text = Text::fixed(
    "公表できるのは、閲覧者を限らない機密性１情報だけです。格付を見直すか、公表をやめてください。",
    "Only confidentiality 1 without bounds on its readers may be published. Have the grade reviewed, or do not publish.",
);
pub(crate) const LABEL_NOT_VALID: Text = Text::fixed(
    "格付の署名を確認できないため、公表できません。",
    "The label's signature can't be verified: not published.",
);
pub(crate) const ONTO_ITSELF: Text = Text::fixed(
    "出力先が元のファイルです。別の名前を指定してください。",
    "The output is the original itself. Choose another name.",
);

/// What is hidden and stays: by name, in both languages.
pub(crate) fn hidden_data(names: &[Text]) -> Text {
    let ja: Vec<&str> = names.iter().map(|name| &*name.ja).collect();
    let en: Vec<&str> = names.iter().map(|name| &*name.en).collect();
    Text::new(
        format!(
            "隠れた情報が残ります：{}。--remove で除去するか、--accept で理由を付けて認めてください。",
            ja.join("、")
        ),
        format!(
            "Hidden data would remain: {}. Remove them (--remove), or accept them with a reason (--accept).",
            en.join(", ")
        ),
    )
}
