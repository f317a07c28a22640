"""Which documents are being saved just now: the office works on in between, and what it began to write comes to its place later."""

import unohelper
from com.sun.star.document import XDocumentEventListener

BEGINS = ("OnSave", "OnSaveAs", "OnSaveTo", "OnCopyTo")
ENDS = tuple(name + how for name in BEGINS for how in ("Done", "Failed"))

_saving = []


class Watch(unohelper.Base, XDocumentEventListener):
    """Told of every document of the office."""

    def documentEventOccured(self, event):
        if event.EventName in BEGINS:
            _saving.append(event.Source)
        elif event.EventName in ENDS and event.Source in _saving:
            _saving.remove(event.Source)

    def disposing(self, event):
        _saving[:] = [model for model in _saving if model != event.Source]


def begin(context):
    """From now on it is known."""
    context.getByName("/singletons/com.sun.star.frame.theGlobalEventBroadcaster").addDocumentEventListener(Watch())


def is_saving(model):
    """Whether somebody is at it."""
    return model in _saving
