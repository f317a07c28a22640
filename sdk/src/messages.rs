//! 文言. Everything this library says to people, in both languages, in one place.

use std::io;

use kakuzuke_core::code::Text;

pub(crate) const SYMLINK: Text = Text::fixed(
    "シンボリックリンクは処理しません。リンク先のファイルを直接指定してください。",
    "This is a symbolic link. Name the file it leads to.",
);
pub(crate) const NOT_A_FILE: Text = Text::fixed(
    "通常のファイルではありません（パイプ、デバイスなど）。ファイルを指定してください。",
    "Not a regular file (a pipe or device). Name a file.",
);
pub(crate) const FOLDER: Text = Text::fixed(
    "フォルダです。ファイルを指定してください。",
    "This is a folder. Name a file.",
);
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
