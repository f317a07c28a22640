"""保存. What was edited is written into memory by the office, and becomes the document's next version under the same label."""

import unohelper
from com.sun.star.frame import FeatureStateEvent, XDispatch
from com.sun.star.io import IOException
from com.sun.star.task import ErrorCodeIOException

from . import bar, dragging, later, words
from .library import Refusal
from .properties import named, read
from .stream import Written

STREAM = "private:stream"
# Said with the command where a window is being closed.
CLOSING = "FailOnWarning"


class Save(unohelper.Base, XDispatch):
    """The office's own command, protecting instead."""

    def __init__(self, one, frame):
        self._one, self._frame = one, frame

    def dispatch(self, _url, arguments):
        saved = save(self._one, self._frame.Controller)
        if saved and CLOSING in read(arguments):
            later.later(self._one.context, self._close)

    def _close(self):
        """The office closes only after a save of its own: after ours the window is closed here, unless it was written in again."""
        if not self._one.model.isModified():
            self._one.leave()
            self._frame.close(True)

    def addStatusListener(self, listener, url):
        state = FeatureStateEvent()
        state.FeatureURL, state.IsEnabled, state.Requery, state.Source = url, True, False, self
        listener.statusChanged(state)

    def removeStatusListener(self, _listener, _url):
        pass


def save(one, controller):
    """Saves; whether it did. Where it can't, the document stays open and modified, and nothing of it lies anywhere."""
    language = words.language(one.context)
    written = Written()
    try:
        values = {"OutputStream": written, "FilterName": one.filter_name}
        if one.options:
            values["FilterOptions"] = one.options
        with dragging.tabs_as_they_were(one):
            one.model.storeToURL(STREAM, named(**values))
        # What the office has not read yet, it reads from the version it opened.
        one.document.hold()
        one.document.save(written.content)
    except Refusal as refusal:
        bar.tell(controller, words.say("save-failed", language), words.refusal(refusal, language))
        return False
    except (IOException, ErrorCodeIOException, ValueError) as fault:
        bar.tell(controller, words.say("save-failed", language), str(getattr(fault, "Message", fault)))
        return False
    finally:
        written.wipe()
    one.model.setModified(False)
    bar.untell(controller)
    return True
