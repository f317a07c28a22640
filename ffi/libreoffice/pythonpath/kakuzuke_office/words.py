"""What people read, in Japanese and English; the office's own language decides."""

import uno

from .library import COPY, EDIT, ENGLISH, EXPORT, JAPANESE, PRINT

RIGHTS = {
    PRINT: ("印刷", "printing"),
    COPY: ("複製（コピー）", "copying"),
    EDIT: ("編集・保存", "editing and saving"),
    EXPORT: ("平文での出力", "writing it out in clear"),
}

GRADES = {
    "confidentiality": (("機密性１", "機密性２", "機密性３"), ("C1", "C2", "C3")),
    "integrity": (("完全性１", "完全性２"), ("I1", "I2")),
    "availability": (("可用性１", "可用性２"), ("A1", "A2")),
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
    "saving": (
        "この文書は保存の途中です。終わってから、もう一度お試しください。",
        "The document is being saved just now. Try again when that is done.",
    ),
    "exported": (
        "平文での出力は、一回ごとに許可を確かめて記録します。labeler open を使ってください。",
        "Each writing out in clear is decided on and logged by itself. Use labeler open.",
    ),
    "ended-title": ("利用の許可が終わりました: {name}", "The licence has ended: {name}"),
    "ended": ("利用の許可が終わったため、内容を表示していません。", "The licence has ended: the content is not shown."),
    "purpose-title": ("格付：利用目的", "Kakuzuke: purpose"),
    "purpose": (
        "この文書を何のために利用しますか。記録に残ります（3.1.1(2)）。",
        "What do you need this document for? It is recorded (3.1.1(2)).",
    ),
    "purpose-give": ("開く", "Open"),
    "passphrase-title": ("格付：パスフレーズ", "Kakuzuke: passphrase"),
    "passphrase": ("利用者鍵のパスフレーズを入力してください。", "Type the passphrase of your key."),
    "passphrase-give": ("開く", "Open"),
    "protect-title": ("格付と保護", "Grade and protect"),
    "suggested": ("提案: {grade}　取扱制限: {restrictions}", "Suggested: {grade}; restrictions: {restrictions}"),
    "sure": ("確信度 {percent} %。決定するのは職員です。", "{percent} % sure. The decision is yours."),
    "unsure": (
        "手掛かりが見つからず、通常の格付を示しています。決定するのは職員です。",
        "Nothing was found to go by: this is the usual grade. The decision is yours.",
    ),
    "evidence": ("根拠", "It rests on"),
    "no-evidence": ("（なし）", "(nothing)"),
    "none": ("なし", "none"),
    "confidentiality": ("機密性", "Confidentiality"),
    "integrity": ("完全性", "Integrity"),
    "availability": ("可用性", "Availability"),
    "restrictions": ("取扱制限（一行に一つ）", "Handling restrictions, one a line"),
    "post": ("決定者の官職", "Your post"),
    "readers": (
        "閲覧できるのは、作成者の課室の職員です。ほかの人には labeler protect で指定します。",
        "Your own unit may read it. For other readers, use labeler protect.",
    ),
    "decide": ("決定して保護", "Decide and protect"),
    "protect-failed": ("保護していません。", "Not protected."),
    "half": (
        "ファイルは、前に保存された内容で保護しました。その後の変更はまだこの画面にあるだけです。",
        "The file is protected with what was saved before. What you changed since is only in this window.",
    ),
    "not-shown": (
        "保護した文書を表示できませんでした。この画面は保護前の文書です。閉じて、ファイルを開き直してください。",
        "It is protected, but could not be shown. This window holds the document from before: close it and open the file.",
    ),
    "no-such-kind": (
        "この種類の文書は、ここからは保護できません。labeler protect を使ってください。",
        "A document of this kind is not protected from here. Use labeler protect.",
    ),
    "no-such-ending": (
        "この拡張子では書き出せません。docx、xlsx、pptx、odt、ods、odp、odg のうち、文書の種類に合うものを付けてください。",
        "It can't be written under this ending. Use the one for its kind: docx, xlsx, pptx, odt, ods, odp or odg.",
    ),
    "no-screen": (
        "画面がないため、尋ねられません。labeler を使ってください。",
        "There is no screen to ask on. Use labeler.",
    ),
    "already": ("この文書は既に保護されています。格付の見直しは labeler relabel を使ってください。", "It is protected already. To review its label, use labeler relabel."),
    "no-label": ("格付がありません。", "There is no label."),
    "nothing-to-request": ("申請する権限はありません。", "There is nothing to apply for."),
    "rights": ("できる操作: {rights}", "Permitted: {rights}"),
    "viewing": ("閲覧のみ", "viewing only"),
    "obligation": ("守ること: {what}", "To be kept by you: {what}"),
    "watermark": ("透かし: {what}", "Watermark: {what}"),
    "openings": ("あと {number} 回開けます。", "Openings left: {number}"),
    "until": ("許諾の期限: {time}", "Licence until: {time}"),
    "intact": ("作成者の署名が内容に及んでいます。", "The author's signature covers the content."),
    "not-covered": ("改ざん検知なし。", "No signature covers the content."),
    "signed": ("格付の署名は正しいものです。", "The label's signature is good."),
    "forged": ("格付の署名が正しくありません。この格付は誰のものでもありません。", "The label's signature is not good: it is nobody's word."),
    "unknown-authority": ("格付に署名した機関が分かりません。", "Nobody here knows the authority that signed the label."),
    "unsigned": ("格付の署名は確かめていません。", "The label's signature was not checked."),
    "in-clear": ("文書は平文です。", "The document is in clear."),
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


def grade(part, number, language):
    """A grade's name by its part and number, counted from zero."""
    return GRADES[part][language][number]


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
