"""権限. Commands of the office that the licence does not permit: greyed in the menus, and by key they say why.

The office's own locks (`Opened.lock`) hold beneath this for clipboard, drag-and-drop, print and save. Here is what they do not
cover, and the reason for people.
"""

import unohelper
from com.sun.star.frame import FeatureStateEvent, XDispatch, XDispatchProviderInterceptor

from . import bar, closing, saving, words
from .library import COPY, EDIT, EXPORT, PRINT

ALWAYS = 0
SCRIPTS = ("macro:", "vnd.sun.star.script:", "service:")
MACROS = (
    "RunMacro MacroDialog MacroOrganizer MacroRecorder StopRecording BasicIDEAppear BasicBreak ScriptOrganizer ScriptContainer "
    "RunBasic MacroSignature ConfigureDialog"
)
OUT_OF_PROTECTION = "SaveAs SaveAsRemote SaveAsTemplate SaveAll VersionDialog SaveVersion NewGlobalDoc NewHtmlDoc CheckOut CheckIn"
MAIL = (
    "SendMail SendMailDocAsMS SendMailDocAsOOo SendMailDocAsPDF SendMailDocAsFormat SendFax SendViaBluetooth Bluetooth MergeWizard "
    "MailMergeWizard MailMergeEmailDocuments MailMergePrintDocuments MailMergeSaveDocuments"
)
PRINTING = "Print PrintDefault PrintPagePreview PrintSelection PrintHelper PrintSlides"
COPYING = (
    "Copy Cut CopyCell CutCell CopyHyperlinkLocation CopyOut CopySlide CopyMasterPage SendToNewDoc SendOutlineToImpress "
    "SendOutlineToStarImpress SendOutlineToClipboard SendAbstractToStarImpress CreateAbstract Move MoveTable AddAutoText EditGlossary "
    "InsertToGallery GallerySaveAs ExternalEdit CopyFieldToClipboard AutoSummary "
    # Slides are dragged out of their pane (`dragging`).
    "LeftPaneImpress LeftPaneDraw DiaMode SlideSorterMultiPaneGUI"
)
EXPORTING = (
    "ExportTo ExportToPDF ExportDirectToPDF ExportToEPUB ExportDirectToEPUB ExportAsGraphic SaveACopy SaveGraphic SaveAsPicture "
    "SaveBackground SaveSimple ExportDialog ExportTemplates PresentationMinimizer"
)
EDITING = "EditDoc ReadOnlyDoc Save"

# Command: what it needs, and the reason where it is never there.
TABLE = {}
for _names, _needs, _why in (
    (MACROS, ALWAYS, "macro"),
    (OUT_OF_PROTECTION, ALWAYS, "save-as"),
    (MAIL, ALWAYS, "mail"),
    (PRINTING, PRINT, ""),
    (COPYING, COPY, ""),
    (EXPORTING, EXPORT, ""),
    (EDITING, EDIT, ""),
):
    TABLE.update((name, (_needs, _why)) for name in _names.split())

# The same by the office's own numbers (SID_…), by which it asks its toolbars.
SLOTS = {
    "5502": "SaveAs",
    "5504": "Print",
    "5505": "Save",
    "5509": "PrintDefault",
    "5331": "SendMail",
    "5710": "Cut",
    "5711": "Copy",
    "5829": "ExportTo",
    "6673": "ExportToPDF",
    "6674": "ExportDirectToPDF",
}


def command_of(url):
    """The command an address names; empty where it names none of the office's."""
    if url.Protocol == ".uno:":
        return url.Path
    return SLOTS.get(url.Path, "") if url.Protocol == "slot:" else ""


class Off(unohelper.Base, XDispatch):
    """A command that is not there: greyed, and with its reason when asked for by key."""

    def __init__(self, one, frame, title, reason):
        self._one, self._frame, self._title, self._reason = one, frame, title, reason

    def dispatch(self, _url, _arguments):
        # In its place, what is embedded has no bar; its document's is left alone while it is worked on: LibreOffice dies of it.
        if self._frame.isTop():
            bar.tell(self._frame.Controller, self._title, self._reason)

    def addStatusListener(self, listener, url):
        state = FeatureStateEvent()
        state.FeatureURL, state.IsEnabled, state.Requery, state.Source = url, False, False, self
        listener.statusChanged(state)

    def removeStatusListener(self, _listener, _url):
        pass


class Interceptor(unohelper.Base, XDispatchProviderInterceptor):
    """Stands before the office's own dispatching in one window."""

    def __init__(self, one, frame):
        self._one, self._frame = one, frame
        self._slave = self._master = None

    def queryDispatch(self, url, target, flags):
        own = self._own(url)
        if own is not None:
            return own
        command = self._slave.queryDispatch(url, target, flags) if self._slave else None
        closes = command and command_of(url) in closing.COMMANDS and self._frame.Controller.Model == self._one.model
        return closing.Close(self._one, command) if closes else command

    def queryDispatches(self, requests):
        return tuple(self.queryDispatch(one.FeatureURL, one.FrameName, one.SearchFlags) for one in requests)

    def _own(self, url):
        language = words.language(self._one.context)
        if url.Protocol in SCRIPTS:
            return Off(self._one, self._frame, words.say("macro", language), "")
        if command_of(url) == "Save" and self._one.may(EDIT):
            return saving.Save(self._one, self._frame)
        needs, why = TABLE.get(command_of(url), (None, ""))
        if needs is None or (needs and self._one.may(needs)):
            return None
        if why:
            return Off(self._one, self._frame, words.say(why, language), "")
        title = words.say("denied", language, right=words.right(needs, language))
        return Off(self._one, self._frame, title, self._one.because(needs, language))

    def getSlaveDispatchProvider(self):
        return self._slave

    def setSlaveDispatchProvider(self, provider):
        self._slave = provider

    def getMasterDispatchProvider(self):
        return self._master

    def setMasterDispatchProvider(self, provider):
        self._master = provider


def intercept(one, frame):
    """Stands before a window's dispatching, once."""
    frame.registerDispatchProviderInterceptor(Interceptor(one, frame))
