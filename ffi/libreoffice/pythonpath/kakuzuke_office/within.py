"""中の文書. What is embedded in a protected document is a document to the office, too, with a window of its own or a part of one while it
is worked on: what holds outside holds there."""

import unohelper
from com.sun.star.document import XDocumentEventListener

from . import dragging, opened, rights


class Watch(unohelper.Base, XDocumentEventListener):
    """Told of every document of the office, of those within others as well."""

    def documentEventOccured(self, event):
        one = opened.around(event.Source)
        if one is None or one.model == event.Source:
            return
        one.hold(event.Source)
        # A view is there before anybody can do anything in it.
        if event.EventName == "OnViewCreated" and event.ViewController:
            rights.intercept(one, event.ViewController.Frame)
            dragging.begin(one, event.ViewController)

    def disposing(self, _source):
        pass


def begin(context):
    """From now on they are looked after."""
    context.getByName("/singletons/com.sun.star.frame.theGlobalEventBroadcaster").addDocumentEventListener(Watch())
