"""格付の決定. The suggestion with its grounds, and the choice, which is the officer's."""

import re

from . import words
from .asking import Dialog

# 機密性, 完全性, 可用性: letter, grades from the lowest.
PARTS = (("confidentiality", "C", 3), ("integrity", "I", 2), ("availability", "A", 2))
CODE = re.compile(r"C([1-3])I([12])A([12])")


def grades(code):
    """The three grades as numbers from zero; of what is no grade the lowest but one, which nobody has to widen."""
    found = CODE.fullmatch(code)
    return tuple(int(part) - 1 for part in found.groups()) if found else (1, 0, 0)


def code_of(chosen):
    """The grade's code, from numbers counted from zero."""
    return "".join(letter + str(number + 1) for (_, letter, _), number in zip(PARTS, chosen))


def _suggested(suggestion, language):
    """What is suggested and how sure it is, in one line."""
    parts = [words.grade(part, number, language) for (part, _, _), number in zip(PARTS, grades(suggestion.grade))]
    line = ("・", ", ")[language].join(parts)
    restrictions = ("、", ", ")[language].join(suggestion.restrictions) or words.say("none", language)
    sure = "sure" if suggestion.confidence >= 0 else "unsure"
    return words.say("suggested", language, grade=line, restrictions=restrictions) + "\n" + words.say(
        sure, language, percent=suggestion.confidence
    )


def decide(context, suggestion, language):
    """What the officer decides: grade, restrictions, post; None when they leave."""
    say = lambda key: words.say(key, language)
    dialog = Dialog(context, say("protect-title"), 300, 256)
    dialog.text("suggested", (8, 8, 284, 28), _suggested(suggestion, language))
    dialog.text("evidence-name", (8, 38, 284, 10), say("evidence"))
    evidence = "\n".join(suggestion.reasons[language]) or say("no-evidence")
    dialog.add("Edit", "evidence", (8, 48, 284, 56), Text=evidence, MultiLine=True, ReadOnly=True, VScroll=True)
    for column, ((part, _, many), number) in enumerate(zip(PARTS, grades(suggestion.grade))):
        left = 8 + 96 * column
        dialog.text(part + "-name", (left, 110, 92, 10), say(part))
        dialog.choice(part, (left, 121, 92, 14), [words.grade(part, one, language) for one in range(many)], number)
    dialog.text("restrictions-name", (8, 141, 284, 10), say("restrictions"))
    lines = "\n".join(suggestion.restrictions)
    dialog.add("Edit", "restrictions", (8, 152, 284, 36), Text=lines, MultiLine=True, VScroll=True)
    dialog.text("post-name", (8, 196, 60, 10), say("post"))
    dialog.add("Edit", "post", (70, 194, 222, 14))
    dialog.text("readers", (8, 212, 284, 20), say("readers"))
    dialog.buttons(say("decide"), say("leave"))
    try:
        if not dialog.agreed():
            return None
        chosen = [dialog.chosen(part) for part, _, _ in PARTS]
        return choice(code_of(chosen), dialog.written("restrictions"), dialog.written("post"))
    finally:
        dialog.end()


def choice(grade, restrictions, post):
    """A choice as the library takes it; restrictions one a line."""
    lines = [line.strip() for line in restrictions.splitlines() if line.strip()]
    return {"grade": grade, "restrictions": lines, "post": post}
