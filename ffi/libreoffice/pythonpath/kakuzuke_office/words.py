"""What people read, in Japanese and English; the office's own language decides."""

import uno

from .library import COPY, EDIT, ENGLISH, EXPORT, JAPANESE, PRINT

RIGHTS = {
    PRINT: ("印刷", "printing"),
    COPY: ("複製（コピー）", "copying"),
    EDIT: ("編集・保存", "editing and saving"),
    EXPORT: ("平文での出力", "writing it out in clear"),
}

TEXTS = {
    "no-library": (
        "libkakuzuke が見つからないか、読み込めません。拡張機能を入れ直すか、管理者に尋ねてください。",
        "libkakuzuke was not found or does not load. Install the extension again, or ask your administrator.",
    ),
    "restart": (
        "作業用ファイルの置き場所をメモリ上に移しました。LibreOffice を一度終了し、もう一度開いてください。",
        "LibreOffice's working files now go to memory instead of the disk. Quit LibreOffice once, then open the document again.",
    ),
    "no-memory": (
        "この端末には、作業用ファイルを置けるメモリ上の場所（tmpfs）がありません。平文をディスクに残さないため、開きません。",
        "This device has no folder in memory (tmpfs) for working files. The document is not opened, so that nothing of it reaches a disk.",
    ),
    "no-kind": (
        "この形式の文書は LibreOffice では表示できません。labeler open 又は labeler edit で開いてください。",
        "LibreOffice can't show a document of this kind. Open it with labeler open or labeler edit.",
    ),
    "not-loaded": (
        "内容を読み込めませんでした。文書は変わっていません。",
        "The content could not be loaded. The document is unchanged.",
    ),
    "refused-title": ("開けません: {name}", "Not opened: {name}"),
    "refused-cover": ("表示しているのは表紙で、内容ではありません。", "What you see is the cover, not the content."),
    "clause": ("根拠: {clause}", "Clause: {clause}"),
    "reference": ("受付番号: {reference}", "Reference: {reference}"),
    "decider": ("決定者: {decider}", "Decided by: {decider}"),
    "off": ("できない操作: {rights}", "Switched off: {rights}"),
    "off-macros": ("マクロは動きません。", "Macros do not run."),
    "denied": ("{right}はできません。", "{right}: not permitted."),
    "not-in-licence": (
        "この文書の利用許諾に、この操作は含まれていません。必要なら許可を申請してください。",
        "Your licence for this document does not include it. Apply for approval if you need it.",
    ),
    "save-as": (
        "保護された文書を別名で保存すると平文になります。「保存」を使うか、平文での出力の許可を得て「エクスポート」を使ってください。",
        "Saved under another name, the document would be in clear. Use Save, or Export with the right to write it out in clear.",
    ),
    "macro": (
        "保護された文書を開いている間は、この文書からマクロを動かせません。",
        "Macros can't be run from a protected document.",
    ),
    "mail": (
        "保護された文書を、ここから平文で送ることはできません。labeler send を使ってください。",
        "A protected document can't be sent in clear from here. Use labeler send.",
    ),
    "not-written": (
        "LibreOffice はこの形式を書けません。labeler edit を使ってください。",
        "LibreOffice does not write this kind of file. Use labeler edit.",
    ),
    "save-failed": ("保存できませんでした。文書は開いたままです。", "Not saved. The document stays open as it is."),
    "request": ("許可を申請…", "Apply for approval…"),
    "request-reason": ("申請の理由を書いてください。承認する人と記録に残ります。", "Why do you need it? The approver and the log see the reason."),
    "request-send": ("申請", "Apply"),
    "leave": ("やめる", "Cancel"),
    "requested": ("申請しました（番号 {number}）。承認後に「もう一度開く」を押してください。", "Applied for (number {number}). Once it is approved, press Try again."),
    "request-failed": ("申請できませんでした。", "The application was not made."),
    "exported": (
        "平文での出力は、一回ごとに許可を確かめて記録します。labeler open を使ってください。",
        "Each writing out in clear is decided on and logged by itself. Use labeler open.",
    ),
    "why": ("できない操作と理由", "What is off, and why"),
    "again": ("もう一度開く", "Try again"),
}

_language = {}


def language(context):
    """The language of the office's menus."""
    if "language" not in _language:
        provider = context.ServiceManager.createInstanceWithContext(
            "com.sun.star.configuration.ConfigurationProvider", context
        )
        node = uno.createUnoStruct("com.sun.star.beans.NamedValue", "nodepath", "/org.openoffice.Setup/L10N")
        locale = provider.createInstanceWithArguments("com.sun.star.configuration.ConfigurationAccess", (node,))
        _language["language"] = JAPANESE if (locale.getByName("ooLocale") or "").startswith("ja") else ENGLISH
    return _language["language"]


def say(key, language, **values):
    """A text by its name."""
    return TEXTS[key][language].format(**values)


def right(one, language):
    """A right's name."""
    return RIGHTS[one][language]


def refusal(refused, language):
    """What was refused, with clause, remedy and reference: one a line."""
    lines = [refused.messages[language]]
    if refused.clause:
        lines.append(say("clause", language, clause=refused.clause))
    lines.extend(refused.remedies[language].splitlines())
    if refused.reference:
        lines.append(say("reference", language, reference=refused.reference))
    return "\n".join(lines)
