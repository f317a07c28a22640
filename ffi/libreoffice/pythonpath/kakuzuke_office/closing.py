"""閉じる. LibreOffice 7.4 dies where a sheet closes while a text in it is still worked on, also in clear and without this extension. So what
is embedded is left first."""

import unohelper
from com.sun.star.frame import XDispatch
from com.sun.star.uno import Exception as UnoException

from . import later

COMMANDS = ("CloseDoc", "CloseWin", "CloseFrame", "Quit")
RUNNING = 1  # com.sun.star.embed.EmbedStates.RUNNING


class Close(unohelper.Base, XDispatch):
    """The office's own command, after that."""

    def __init__(self, one, command):
        self._one, self._command = one, command

    def dispatch(self, url, arguments):
        if not self._one.is_entered():
            self._command.dispatch(url, arguments)
            return
        # From the main loop: asked by a program, from a thread of its own, leaving hangs the office.
        later.later(self._one.context, lambda: self._leave_and(url, arguments))

    def _leave_and(self, url, arguments):
        self._one.leave()
        self._command.dispatch(url, arguments)

    def addStatusListener(self, listener, url):
        self._command.addStatusListener(listener, url)

    def removeStatusListener(self, listener, url):
        self._command.removeStatusListener(listener, url)


def worked_on(model):
    """What is embedded in it and worked on."""
    return [embedded for embedded in _embedded(model) if embedded and embedded.CurrentState > RUNNING]


def leave(model):
    """Nothing embedded in it is worked on any more."""
    for embedded in worked_on(model):
        try:
            embedded.changeState(RUNNING)
        except UnoException:
            continue  # what can't be left is closed as it is


def _embedded(model):
    if hasattr(model, "EmbeddedObjects"):
        objects = model.EmbeddedObjects
        for index in range(objects.Count):
            yield objects.getByIndex(index).ExtendedControlOverEmbeddedObject
        return
    pages = [sheet.DrawPage for sheet in model.Sheets] if hasattr(model, "Sheets") else model.DrawPages
    for page in pages:
        for shape in page:
            if hasattr(shape, "EmbeddedObject"):
                yield shape.EmbeddedObject
