"""A refused opening: the cover is shown, which everybody may see, and above it what was refused, on which clause, and what would help."""

import os

import unohelper
from com.sun.star.util import XCloseListener

from . import bar, loading, words

WRITER = "private:factory/swriter"
OWN_FILE = ".kkz"

_shown = {}


class Shown(unohelper.Base, XCloseListener):
    """A cover on the screen, and why it is the cover."""

    def __init__(self, model, path, refusal):
        self.model, self.path, self.refusal = model, path, refusal
        _shown[id(self)] = self
        model.addCloseListener(self)

    def queryClosing(self, _source, _gets_ownership):
        pass

    def notifyClosing(self, _source):
        _shown.pop(id(self), None)

    def disposing(self, _source):
        _shown.pop(id(self), None)


def of(model):
    """The refusal behind a shown cover, or None."""
    return next((one for one in _shown.values() if one.model == model), None)


def show(context, refusal, path, values, frame):
    """Shows the cover in the window asked for; whether there is something to see now."""
    arguments = {name: values[name] for name in loading.PASSED if name in values}
    arguments.update(
        MacroExecutionMode=loading.NO_MACROS,
        UpdateDocMode=loading.NO_UPDATES,
        PickListEntry=False,
        NoAutoSave=True,
        **_page(context, path, values),
    )
    if not loading.load_into(context, arguments, frame):
        return False
    controller = frame.Controller
    model = controller.Model
    language = words.language(context)
    if arguments["URL"] == WRITER:
        _write(model, os.path.basename(path), words.refusal(refusal, language))
    model.setTitle(words.say("refused-title", language, name=os.path.basename(path)))
    Shown(model, path, refusal)
    bar.show_refusal(context, controller, refusal)
    return True


def _page(context, path, values):
    """What is shown: the file's own cover, or an empty page where it has none."""
    if path.lower().endswith(OWN_FILE):
        return {"URL": WRITER, "FilterName": "writer8"}
    detection = loading.service(context, "com.sun.star.document.TypeDetection")
    asked = loading.named(URL=values["URL"], **{loading.AS_COVER: True})
    kind, _ = detection.queryTypeByDescriptor(asked, True)
    filter_name = loading.read(detection.getByName(kind)).get("PreferredFilter", "") if kind else ""
    if not filter_name:
        return {"URL": WRITER, "FilterName": "writer8"}
    return {"URL": values["URL"], "TypeName": kind, "FilterName": filter_name, "ReadOnly": True}


def _write(model, name, text):
    model.Text.setString(f"{name}\n\n{text}")
    model.setModified(False)
