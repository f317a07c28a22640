"""What is done when the command itself is over."""

import unohelper
from com.sun.star.awt import XCallback


class Later(unohelper.Base, XCallback):
    """Something done from the office's main loop."""

    def __init__(self, what):
        self._what = what

    def notify(self, _data):
        self._what()


def later(context, what):
    """Does it as soon as the main loop comes round."""
    name = "com.sun.star.awt.AsyncCallback"
    context.ServiceManager.createInstanceWithContext(name, context).addCallback(Later(what), None)
