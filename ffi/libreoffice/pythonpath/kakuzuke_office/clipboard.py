"""クリップボード. What is marked or copied goes to other programs by two boards, one of which (X11's primary selection) takes whatever is
marked, past every command. From the windows of a document that may not be copied neither takes anything."""

import unohelper
import uno
from com.sun.star.datatransfer import DataFlavor, UnsupportedFlavorException, XTransferable
from com.sun.star.datatransfer.clipboard import XClipboardListener
from com.sun.star.uno import Exception as UnoException

from . import opened, words
from .library import COPY

BOARD = "com.sun.star.datatransfer.clipboard.SystemClipboard"
# The one for copying, and the one for marking.
BOARDS = ((), ("PRIMARY",))
TEXT = "text/plain;charset=utf-16"

_begun = []


class Notice(unohelper.Base, XTransferable):
    """Words in place of what is not copied."""

    def __init__(self, text):
        self._text = text

    def getTransferData(self, flavor):
        if not self.isDataFlavorSupported(flavor):
            raise UnsupportedFlavorException(flavor.MimeType, self)
        return self._text

    def getTransferDataFlavors(self):
        flavor = DataFlavor()
        flavor.MimeType, flavor.HumanPresentableName, flavor.DataType = TEXT, "Unicode-Text", uno.getTypeByName("string")
        return (flavor,)

    def isDataFlavorSupported(self, flavor):
        return flavor.MimeType == TEXT


class Guard(unohelper.Base, XClipboardListener):
    """Told of whatever comes onto a board, before another program can ask for it."""

    def __init__(self, context, board):
        self._context, self._board = context, board
        self._replaces = False

    def changedContents(self, _event):
        if self._replaces:
            return
        try:
            notice = self._notice()
        except Exception:  # where the content came from can't be told: none of it is left
            notice = ""
        if notice is None:
            return
        self._replaces = True
        try:
            self._board.setContents(Notice(notice), None)
        finally:
            self._replaces = False

    def _notice(self):
        """What is said in place of the content; None where it may stay."""
        one = self._source()
        if one is None or one.may(COPY):
            return None
        language = words.language(self._context)
        title = words.say("denied", language, right=words.right(COPY, language))
        return f"{title} {one.because(COPY, language)}"

    def _source(self):
        """The protected document in whose window people work now: it is where the new content came from."""
        if self._service("com.sun.star.awt.Toolkit").getActiveTopWindow() is None:
            return None  # they are at another program
        frame = self._service("com.sun.star.frame.Desktop").getCurrentFrame()
        controller = frame.Controller if frame else None
        return opened.around(controller.Model) if controller else None

    def _service(self, name):
        return self._context.ServiceManager.createInstanceWithContext(name, self._context)

    def disposing(self, _source):
        pass


def begin(context):
    """Looks at both boards from the first protected document on."""
    if _begun:
        return
    for arguments in BOARDS:
        try:
            board = context.ServiceManager.createInstanceWithArgumentsAndContext(BOARD, arguments, context)
            guard = Guard(context, board)
            board.addClipboardListener(guard)
        except (UnoException, AttributeError):
            continue  # an office without a screen has none that others see
        _begun.append(guard)
