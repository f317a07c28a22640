"""What is open: the model of the office, the document of ours behind it, and the file it came from."""

import threading

import unohelper
from com.sun.star.document import XDocumentEventListener
from com.sun.star.lang import DisposedException
from com.sun.star.util import XCloseListener

from . import bar, clipboard, closing, dragging, rights, watching, words
from .library import COPY, EDIT, EXPORT, PRINT, VIEW
from .properties import named

# Documents within documents within …
DEEPEST = 8

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
        # What the licence was when it was last looked at (`watching`), and when it may be asked about again.
        self.state = (True, document.label, document.rights)
        self.next_attempt = 0.0
        # Models of what is embedded in it, as far as it was looked at.
        self._inner = []
        # Windows whose tabs of sheets were taken away (`dragging`).
        self.tabless = []

    def queryClosing(self, _source, _gets_ownership):
        pass

    def is_entered(self):
        """Whether something embedded in it is worked on."""
        return bool(self._inner and closing.worked_on(self.model))

    def leave(self):
        """Before it closes, what is embedded in it is left."""
        if self._inner:
            closing.leave(self.model)

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
        dragging.begin(self, controller)
        bar.show(self, controller)
        self._uncover(controller)

    def turn(self, refusal, state):
        """The licence has ended, was refused, or is there again: the same in all windows. What fails is tried at the next look."""
        if of(self.model) is not self:
            return
        # What may not be seen goes before anything else is done.
        inner = [controller for model in self._inner for controller in _controllers(model)]
        are_right = [self._uncover(controller) for controller in (*_controllers(self.model), *inner)]
        self.lock()
        language = words.language(self.context)
        name = self.document.file_name
        # The bars go with the content; the window's name stays.
        self.model.setTitle(name if self.document.can(VIEW) else words.say("ended-title", language, name=name))
        for controller in inner:
            dragging.hide(self, controller)
        for controller in _controllers(self.model):
            dragging.hide(self, controller)
            if self.document.can(VIEW):
                bar.untell(controller)
                bar.show(self, controller)
            else:
                bar.tell(controller, words.say("ended", language), words.refusal(refusal, language) if refusal else "")
        if all(are_right):
            self.state = state

    def _uncover(self, controller):
        """Shows the content while it may be seen, and nothing of it else. Whether it is so now."""
        try:
            window = controller.Frame.ComponentWindow
            if window:
                window.setVisible(self.document.can(VIEW))
        except Exception:  # one window that fails keeps no other open
            return False
        return True

    def lock(self):
        """The office's own locks, which hold for its menus, keys, clipboard and drag-and-drop alike."""
        can = self.may
        locks = {
            "LockContentExtraction": not can(COPY),
            "LockPrint": not can(PRINT),
            "LockEditDoc": not can(EDIT),
            "LockExport": True,
        }
        self.model.setArgs(named(LockSave=True, **locks))
        # What is embedded is written where this document is.
        for model in self._inner:
            _set(model, locks)

    def hold(self, model):
        """What is embedded in it is under its locks, too."""
        if model not in self._inner:
            self._inner.append(model)
            self.lock()

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
    try:
        model.addCloseListener(one)
        model.addDocumentEventListener(one)
        model.setTitle(document.file_name)
        one.lock()
        one.dress(controller)
    except BaseException:
        # What can't be locked is not left open.
        model.close(True)
        one.end()
        raise
    watching.begin()
    clipboard.begin(context)
    return one


def _controllers(model):
    """The views of a model; none once it is closed."""
    try:
        controllers = model.getControllers()
        while controllers.hasMoreElements():
            yield controllers.nextElement()
    except DisposedException:
        return


def _set(model, locks):
    try:
        model.setArgs(named(**locks))
    except DisposedException:
        pass  # what is closed is locked


def all_open():
    """Everything that is open."""
    with _lock:
        return list(_opened.values())


def of(model):
    """The open document behind a model, or None."""
    with _lock:
        return next((one for one in _opened.values() if one.model == model), None)


def around(model):
    """The open document a model is, or is embedded in, or None."""
    for _level in range(DEEPEST):
        one = of(model) if model else None
        if one or not hasattr(model, "getParent"):
            return one
        model = model.getParent()
    return None
