"""格付を見る. What holds for the document in a window, in words."""

import datetime

from . import loading, words
from .library import COPY, EDIT, EXPORT, INVALID, PRINT, UNKNOWN_AUTHORITY, VALID

SIGNATURES = {VALID: "signed", INVALID: "forged", UNKNOWN_AUTHORITY: "unknown-authority"}


def of_protected(one, language):
    """Label and lines of a protected document."""
    document = one.document
    join = ("、", ", ")[language].join
    there = [words.right(right, language) for right in (PRINT, COPY, EDIT, EXPORT) if document.can(right)]
    lines = [words.say("decider", language, decider=document.decider)] if document.decider else []
    lines.append(words.say("rights", language, rights=join(there) or words.say("viewing", language)))
    lines.extend(words.say("obligation", language, what=what) for what in document.kept_by_people)
    if document.watermark:
        lines.append(words.say("watermark", language, what=document.watermark))
    if document.openings_left >= 0:
        lines.append(words.say("openings", language, number=document.openings_left))
    lines.append(words.say("until", language, time=_time(document.expires_at)))
    lines.append(words.say("intact" if document.tamper_evident else "not-covered", language))
    return document.label, "\n".join(lines)


def of_clear(session, model, language):
    """Label and lines of a document in clear. The library refuses where there is none."""
    path = loading.local_path(model.URL)
    if not path:
        return words.say("no-label", language), ""
    label = session.label(path)
    lines = [words.say("decider", language, decider=label.decider)] if label.decider else []
    lines.append(words.say(SIGNATURES.get(label.signature, "unsigned"), language))
    lines.append(words.say("in-clear", language))
    return label.header, "\n".join(lines)


def _time(seconds):
    return datetime.datetime.fromtimestamp(seconds).strftime("%Y-%m-%d %H:%M") if seconds else "-"
