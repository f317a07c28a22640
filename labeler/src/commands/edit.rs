//! 編集. The registered program on a working copy; each save is protected again.

use kakuzuke::{EditEvent, Editing, Result};

use super::{Desk, value};
use crate::args::Edit;
use crate::output::Said;

/// `edit FILE [-- PROGRAM …]`
pub fn edit(desk: &Desk, args: Edit) -> Result<Said> {
    let session = desk.session()?;
    let output = desk.output;
    let edited =
        session.edit(
            &args.path,
            &Editing { purpose: args.purpose, program: args.program },
            &mut |event| match event {
                EditEvent::Started(copy) => output.note(
                    &format!("編集用の写しを開きました：{}\n　編集中は印刷と複製を止められません。", copy.display()),
                    &format!(
                        "Working copy: {}\n  While it is open, printing and copying are not enforced.",
                        copy.display()
                    ),
                ),
                EditEvent::Saved(document) => {
                    output.note(
                        &format!("保存した内容を保護しました（{document}）"),
                        &format!("Saved and protected ({document})"),
                    );
                }
                EditEvent::SaveFailed(failure) => output.warn(&failure),
                EditEvent::Closed => output.note("編集用の写しを削除しました。", "The working copy is gone."),
            },
        )?;
    Ok(Said::new(value(&edited)?).line(
        format!("{}：{} 版を保存しました。", edited.path.display(), edited.versions.len()),
        format!("{}: {} versions saved.", edited.path.display(), edited.versions.len()),
    ))
}
