"""What is open: the model of the office, the document of ours behind it, and the file it came from."""

import threading

import unohelper
from com.sun.star.document import XDocumentEventListener
from com.sun.star.util import XCloseListener

from . import bar, rights, words
from .library import COPY, EDIT, EXPORT, PRINT
from .properties import named

_lock = threading.Lock()
_opened = {}


class Opened(unohelper.Base, XCloseListener, XDocumentEventListener):
    """One protected document in the office, until its model closes."""

    def __init__(self, context, model, document, way, path):
        self.context = context
        self.model = model
        self.document = document
        self.path = path
        # How it was read is how it is written.
        self.filter_name, self.options, self.is_written = way

    def queryClosing(self, _source, _gets_ownership):
        pass

    def notifyClosing(self, _source):
        self.end()

    def disposing(self, _source):
        self.end()

    def documentEventOccured(self, event):
        """A further window shows the document: the same holds there."""
        if event.EventName == "OnViewCreated" and event.ViewController:
            self.dress(event.ViewController)

    def dress(self, controller):
        """Takes away what may not be done, and shows the label, in one window."""
        rights.intercept(self, controller.Frame)
        bar.show(self, controller)

    def lock(self):
        """The office's own locks, which hold for its menus, keys, clipboard and drag-and-drop alike."""
        can = self.may
        self.model.setArgs(
            named(
                LockContentExtraction=not can(COPY),
                LockPrint=not can(PRINT),
                LockEditDoc=not can(EDIT),
                LockSave=True,
                LockExport=True,
            )
        )

    def because(self, right, language):
        """Why a right is not there."""
        if right == EXPORT:
            return words.say("exported", language)
        if right == EDIT and self.document.can(EDIT):
            return words.say("not-written", language)
        return self.document.because(right, language) or words.say("not-in-licence", language)

    def reasons(self, language):
        """Everything that is off, and why; the restrictions it may come from."""
        lines = [f"{words.right(one, language)}: {self.because(one, language)}" for one in self.missing()]
        lines.append(words.say("macro", language))
        return "\n".join(lines)

    def missing(self):
        """The rights that are not there."""
        return [one for one in (PRINT, COPY, EDIT, EXPORT) if not self.may(one)]

    def lacking(self):
        """The rights an application would ask for: not in the licence."""
        return [one for one in (PRINT, COPY, EDIT, EXPORT) if not self.document.can(one)]

    def may(self, right):
        """Whether something may be done here: by the licence, and by what can be written here."""
        return right != EXPORT and self.document.can(right) and (right != EDIT or self.is_written)

    def end(self):
        with _lock:
            _opened.pop(id(self), None)
        self.document.close()


def begin(context, controller, document, way, path):
    """A document was loaded into a window: from now on it is watched over."""
    model = controller.Model
    one = Opened(context, model, document, way, path)
    with _lock:
        _opened[id(one)] = one
    model.addCloseListener(one)
    model.addDocumentEventListener(one)
    model.setTitle(document.file_name)
    one.lock()
    one.dress(controller)
    return one


def of(model):
    """The open document behind a model, or None."""
    with _lock:
        return next((one for one in _opened.values() if one.model == model), None)
