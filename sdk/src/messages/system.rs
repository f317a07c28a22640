//! What only some systems have to say.

use kakuzuke_core::code::Text;

pub(crate) const IN_USE: Text = Text::fixed(
    "ほかのソフトがこのファイルを開いているため、処理できません。ファイルはそのままです。ソフトで閉じてからやり直してください。",
    "Another program has this file open. It was left as it is; close it there and try again.",
);
pub(crate) const WRITE_PROTECTED: Text = Text::fixed(
    "読み取り専用のファイルです。ファイルはそのままです。プロパティで「読み取り専用」を外してからやり直してください。",
    "The file is read-only. It was left as it is; take the attribute off in its properties and try again.",
);
pub(crate) const WOULD_RUN: Text = Text::fixed(
    "この文書は、開くとプログラムとして実行される種類です。自動では開きません。使うソフトを指定してください（labeler edit FILE -- SOFTWARE）。",
    "Opening a document of this kind would run it as a program, so it is not opened by itself. Name the program to use (labeler edit FILE -- PROGRAM).",
);
pub(crate) const PROFILE_OF_ANOTHER: Text = Text::fixed(
    "このプロファイルの鍵は、別の利用者か別の端末のものとして封じられています。登録した利用者と端末で使うか、登録し直してください。",
    "The keys of this profile are sealed for another account or machine. Use it where it was enrolled, or enrol again.",
);
