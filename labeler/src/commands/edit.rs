//! 編集. The registered program on a working copy; each save is protected again.

use std::ffi::OsString;

use kakuzuke::{EditEvent, Editing, Result};

use super::{Desk, value};
use crate::args::Edit;
use crate::output::{Output, Said};

/// The program used where none is named: words separated by spaces; `xdg-open` if it is not set.
const EDITOR: &str = "KAKUZUKE_EDITOR";

/// `edit FILE [-- PROGRAM …]`
pub fn edit(desk: &Desk, args: Edit) -> Result<Said> {
    let session = desk.session()?;
    let output = desk.output;
    let program = if args.program.is_empty() { registered() } else { args.program };
    let editing = Editing { purpose: args.purpose, program };
    let edited = session.edit(&args.path, &editing, &mut |event| tell(output, &event))?;
    let count = edited.versions.len();
    let mut said = Said::new(value(&edited)?).line(
        format!("{}：{count} 版を保存しました。", edited.path.display()),
        format!("{}: {count} version{} saved.", edited.path.display(), if count == 1 { "" } else { "s" }),
    );
    for saved in &edited.beside {
        let text = saved.text();
        said = said.line(text.ja, text.en);
        if let Some(reason) = &saved.reason {
            said = said.ending(reason.code);
        }
    }
    Ok(said)
}

fn registered() -> Vec<OsString> {
    let named = std::env::var(EDITOR).unwrap_or_default();
    named.split_whitespace().map(OsString::from).collect()
}

fn tell(output: Output, event: &EditEvent) {
    match event {
        EditEvent::Started(copy) => output.note(
            &format!(
                "編集用の写しを開きました：{}\n　編集中は、印刷と複製を止められません。ソフトを終了すると写しを削除します。",
                copy.display()
            ),
            &format!(
                "Working copy: {}\n  While it is open, printing and copying are not enforced. It is removed when the program ends.",
                copy.display()
            ),
        ),
        EditEvent::Saved(document) => output.note(
            &format!("保存した内容を保護しました（{document}）"),
            &format!("Saved and protected ({document})"),
        ),
        EditEvent::SaveFailed(failure) => output.warn(failure),
        EditEvent::Locked(folder) => output.note(
            &format!(
                "ソフトのロックファイルが残っているため、終了を待っています：{}\n　文書を閉じても終わらない場合は Ctrl-C で中断してください。保存済みの内容は次回の起動時に保護します。",
                folder.display()
            ),
            &format!(
                "A lock of the program is left, waiting for it to end: {}\n  If the document is closed, press Ctrl-C: what was saved is protected at the next start.",
                folder.display()
            ),
        ),
        // Said at the end, where programs find it too.
        EditEvent::SavedBeside(_) => {}
        EditEvent::Closed => output.note("編集用の写しを削除しました。", "The working copy is gone."),
    }
}
