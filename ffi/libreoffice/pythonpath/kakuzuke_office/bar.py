"""表示. The bar above a document: grade and restrictions, who decided, what is off."""

from com.sun.star.beans import StringPair
from com.sun.star.frame.InfobarType import DANGER, INFO, WARNING

from . import words

LABEL, REFUSED, TOLD = "jp.kakuzuke.label", "jp.kakuzuke.refused", "jp.kakuzuke.told"
COMMAND = "jp.kakuzuke.office:"


def _button(text, command):
    one = StringPair()
    one.First, one.Second = text, COMMAND + command
    return one


def _put(controller, name, first, second, kind, buttons=(), closeable=True):
    if controller.hasInfobar(name):
        controller.removeInfobar(name)
    controller.appendInfobar(name, first, second, kind, tuple(buttons), closeable)


def off(one, language):
    """The rights that are not there, in words."""
    missing = [words.right(right, language) for right in one.missing()]
    separator = ("、", ", ")[language]
    return words.say("off", language, rights=separator.join(missing)) if missing else ""


def _buttons(one, language):
    found = [_button(words.say("why", language), "why")]
    if one.lacking():
        found.insert(0, _button(words.say("request", language), "request"))
    return found


def show(one, controller):
    """The label, for as long as the document is open."""
    language = words.language(one.context)
    document = one.document
    parts = [words.say("decider", language, decider=document.decider)] if document.decider else []
    parts += [text for text in (off(one, language), words.say("off-macros", language)) if text]
    kind = WARNING if document.grade.startswith("C3") else INFO
    _put(controller, LABEL, document.label, "  ".join(parts), kind, _buttons(one, language), False)


def untell(controller):
    """What was told is over."""
    if controller.hasInfobar(TOLD):
        controller.removeInfobar(TOLD)


def tell(controller, title, text, buttons=()):
    """Something that happened and what to do."""
    _put(controller, TOLD, title, text, DANGER, buttons)


def inform(controller, title, text):
    """Something a person asked to know."""
    _put(controller, TOLD, title, text, INFO)


def show_refusal(context, controller, refusal):
    """Why the document was not opened."""
    language = words.language(context)
    lines = words.refusal(refusal, language).splitlines() + [words.say("refused-cover", language)]
    buttons = [_button(words.say("again", language), "again")]
    if refusal.right:
        buttons.insert(0, _button(words.say("request", language), "request"))
    _put(controller, REFUSED, lines[0], "\n".join(lines[1:]), DANGER, buttons, False)
