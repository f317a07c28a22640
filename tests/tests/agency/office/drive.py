"""Drives one LibreOffice through UNO for the tests: a JSON list a line in, [command, arguments…]; {"ok": …} or {"fault": …} a line out.

usage: drive.py PIPE
"""

import json
import sys
import threading
import time

import uno
import unohelper
from com.sun.star.awt import XCallback
from com.sun.star.beans import PropertyValue
from com.sun.star.frame import XStatusListener

PATIENCE = 60
# com.sun.star.embed.EmbedStates.
RUNNING = 1
# CLSIDs of what is embedded.
CALC, WRITER = "47BBB4CB-CE4C-4E80-A591-42D9AE74950F", "8BC6B165-B1B2-4EDD-AA47-DAE2EE689DD6"
# com.sun.star.awt.PosSize.POSSIZE.
POSITION_AND_SIZE = 15
# More children than a window's frame and its bars ever have.
MANY = 40


def role(name):
    """A part's role by its name."""
    return uno.getConstantByName("com.sun.star.accessibility.AccessibleRole." + name)


# AccessibleRole.NOTIFICATION, which the type library of 7.4 does not name.
NOTIFICATION = 86
# Parts with nothing of ours in them.
CROWDED = tuple(
    role(name)
    for name in (
        "DOCUMENT DOCUMENT_PRESENTATION DOCUMENT_SPREADSHEET DOCUMENT_TEXT TOOL_BAR MENU_BAR STATUS_BAR LIST TREE TABLE SCROLL_BAR"
    ).split()
)


def named(values):
    """Properties from a dictionary."""
    return tuple(PropertyValue(name, 0, value, 0) for name, value in values.items())


def connect(pipe):
    """The office's context, as soon as it listens."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except Exception:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def _is_document(model):
    return model.supportsService("com.sun.star.document.OfficeDocument")


class Turn(unohelper.Base, XCallback):
    """Told when the office's main loop has come round."""

    def __init__(self):
        self.came = threading.Event()

    def notify(self, _data):
        self.came.set()


class Status(unohelper.Base, XStatusListener):
    """What a command says of itself when asked."""

    def __init__(self):
        self.enabled = None

    def statusChanged(self, event):
        self.enabled = event.IsEnabled

    def disposing(self, _source):
        pass


class Office:
    """One running office, and the document worked on."""

    def __init__(self, pipe):
        self.context = connect(pipe)
        self.desktop = self.service("com.sun.star.frame.Desktop")
        self.model = None
        self.inner = None
        # Asked to end before its loop runs, an office stays for ever.
        turn = Turn()
        self.service("com.sun.star.awt.AsyncCallback").addCallback(turn, None)
        if not turn.came.wait(PATIENCE):
            raise TimeoutError("the office's main loop does not run")

    def service(self, name):
        return self.context.ServiceManager.createInstanceWithContext(name, self.context)

    @property
    def frame(self):
        return self.model.CurrentController.Frame

    def open(self, path, values=None):
        """Loads a file as a double-click does; whether there is something to see."""
        url = uno.systemPathToFileUrl(path)
        self.model = self.desktop.loadComponentFromURL(url, "_blank", 0, named(values or {}))
        return self.model is not None

    def new(self, kind):
        """A new document, such as of kind swriter."""
        self.model = self.desktop.loadComponentFromURL("private:factory/" + kind, "_blank", 0, ())

    def await_title(self, title):
        """The document with this title, as soon as it is there."""
        return self._await(lambda model: getattr(model, "Title", "") == title)

    def await_protected(self):
        """The document that was protected, as soon as it has taken the window of the one in clear."""
        return self._await(lambda model: model.URL.startswith("private:stream/") and model.CurrentController is not None)

    def await_windows(self, number):
        """Whether there are as many documents as this before long."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if len(self.titles()) == number:
                return True
            time.sleep(0.05)
        return False

    def _await(self, is_it):
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            for model in self._documents():
                if self._is(is_it, model):
                    self.model = model
                    return True
            time.sleep(0.05)
        return False

    def _documents(self):
        """What is open; the start centre is none."""
        return [one for one in self.desktop.Components if hasattr(one, "supportsService") and self._is(_is_document, one)]

    def _is(self, is_it, model):
        try:
            return is_it(model)
        except Exception:  # one that is just being closed
            return False

    def titles(self):
        return [getattr(model, "Title", "") for model in self._documents()]

    def components(self):
        """How many documents there are, also those without a window."""
        return len(self._documents())

    def visible(self):
        """Whether the content is shown."""
        return self.frame.ComponentWindow.isVisible()

    def await_visible(self, wanted):
        """Whether the content is shown, or not, before long."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self.visible() == wanted:
                return True
            time.sleep(0.1)
        return False

    def linked_cell(self, address):
        """What a formula of another document finds in the first sheet's first cell of the one at an address."""
        other = self.desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, ())
        cell = other.Sheets.getByIndex(0).getCellByPosition(0, 0)
        cell.Formula = f"='{address}'#$" + self.model.Sheets.ElementNames[0] + ".A1"
        found = (cell.String, cell.getError())
        other.close(True)
        return found

    def linked_section(self, address):
        """What a linked section of another document takes in from the one at an address."""
        other = self.desktop.loadComponentFromURL("private:factory/swriter", "_blank", 0, ())
        section = other.createInstance("com.sun.star.text.TextSection")
        link = uno.createUnoStruct("com.sun.star.text.SectionFileLink")
        link.FileURL, link.FilterName = address, "writer8"
        other.Text.insertTextContent(other.Text.End, section, False)
        section.FileLink = link
        other.updateLinks()
        found = other.Text.String.strip()
        other.close(True)
        return found

    def kind(self):
        services = ("text.TextDocument", "sheet.SpreadsheetDocument", "presentation.PresentationDocument", "drawing.DrawingDocument")
        return next((name for name in services if self.model.supportsService("com.sun.star." + name)), "")

    def text(self):
        """All the text a document shows."""
        if hasattr(self.model, "Text"):
            return self.model.Text.String + "\n".join(self._tables())
        if hasattr(self.model, "Sheets"):
            return "\n".join(self._sheet(sheet) for sheet in self.model.Sheets)
        return "\n".join(shape.String for page in self.model.DrawPages for shape in page if hasattr(shape, "String"))

    def _tables(self):
        tables = self.model.TextTables
        for name in tables.ElementNames:
            table = tables.getByName(name)
            yield "\n".join(table.getCellByName(cell).String for cell in table.CellNames)

    def _sheet(self, sheet):
        cursor = sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)
        used = sheet.getCellRangeByPosition(0, 0, cursor.RangeAddress.EndColumn, cursor.RangeAddress.EndRow)
        return "\n".join("\t".join(map(str, row)) for row in used.DataArray)

    def title(self):
        return self.model.Title

    def url(self):
        return self.model.URL

    def args(self):
        """What the model says it was loaded with, as far as it is text, number or truth."""
        return {one.Name: one.Value for one in self.model.Args if isinstance(one.Value, (str, int, bool, float))}

    def readonly(self):
        return self.model.isReadonly()

    def modified(self):
        return self.model.isModified()

    def write(self, text):
        """Appends a paragraph to a text document, or writes into the first cell or shape."""
        if hasattr(self.model, "Text"):
            self.model.Text.insertString(self.model.Text.End, "\n" + text, False)
        elif hasattr(self.model, "Sheets"):
            self.model.Sheets.getByIndex(0).getCellByPosition(0, 0).String = text
        else:
            self.model.DrawPages.getByIndex(0).getByIndex(0).String = text
            # Written by a program, a shape does not say so to its document.
            self.model.setModified(True)

    def embed(self, text):
        """Puts an object of the other kind into a document, a sheet into a text or a text into a sheet, with a text in it."""
        if hasattr(self.model, "Text"):
            holder = self.model.createInstance("com.sun.star.text.TextEmbeddedObject")
            holder.CLSID = CALC
            self.model.Text.insertTextContent(self.model.Text.End, holder, False)
            holder.Model.Sheets.getByIndex(0).getCellByPosition(0, 0).String = text
        else:
            holder = self.model.createInstance("com.sun.star.drawing.OLE2Shape")
            holder.Size = uno.createUnoStruct("com.sun.star.awt.Size", 6000, 3000)
            self.model.Sheets.getByIndex(0).DrawPage.add(holder)
            holder.CLSID = WRITER
            holder.Model.Text.String = text

    def wake(self):
        """Activates the embedded object as a double-click does, and tells its text."""
        if hasattr(self.model, "Text"):
            holder = self.model.EmbeddedObjects.getByIndex(0)
            holder.ExtendedControlOverEmbeddedObject.doVerb(0)
            # Closed while it was active, the office crashed in one of three runs (docs/libreoffice.md).
            holder.ExtendedControlOverEmbeddedObject.changeState(RUNNING)
            return holder.Model.Sheets.getByIndex(0).getCellByPosition(0, 0).String
        shape = next(one for one in self.model.Sheets.getByIndex(0).DrawPage if hasattr(one, "CLSID"))
        return shape.Model.Text.String

    def _embedded(self):
        """The embedded object, awake or not."""
        if hasattr(self.model, "Text"):
            return self.model.EmbeddedObjects.getByIndex(0).ExtendedControlOverEmbeddedObject
        return next(shape for shape in self.model.Sheets.getByIndex(0).DrawPage if hasattr(shape, "CLSID")).EmbeddedObject

    def enter(self, verb):
        """Works on the embedded object from now on: 0 in its place, -2 in a window of its own. Whether it has a view now."""
        self._embedded().doVerb(verb)
        self.inner = self._embedded().Component
        return self.inner.CurrentController is not None

    def inside(self, command):
        """Whether a command is there in what was entered."""
        return self._enabled(self.inner.CurrentController.Frame, command)

    def args_inside(self):
        return {one.Name: one.Value for one in self.inner.Args if isinstance(one.Value, (str, int, bool, float))}

    def has_slides(self):
        """Whether a pane with slides is there."""
        configuration = self.model.CurrentController.getConfigurationController()
        services = self.context.ServiceManager
        name = "com.sun.star.drawing.framework.ResourceId"
        panes = (f"private:resource/pane/{pane}" for pane in ("LeftImpressPane", "LeftDrawPane"))
        made = (services.createInstanceWithArgumentsAndContext(name, (pane,), self.context) for pane in panes)
        return any(configuration.getResource(pane) is not None for pane in made)

    def await_slides(self, wanted):
        """Whether the pane is there, or not, before long."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self.has_slides() == wanted:
                return True
            time.sleep(0.1)
        return False

    def place(self, left, width, height):
        """Puts the window there, without the bars at its side."""
        self.frame.ContainerWindow.setPosSize(left, 0, width, height, POSITION_AND_SIZE)

    def use(self, title):
        """Goes on with the document of this title."""
        self.model = next(model for model in self._documents() if model.Title == title)

    def spot(self, name):
        """Where on the screen a part lies, such as a cell by its name: its middle."""
        part = self._find(self.frame.ContainerWindow.getAccessibleContext(), name)
        if part is None:
            return None
        place, size = part.getLocationOnScreen(), part.getSize()
        return (place.X + size.Width // 2, place.Y + size.Height // 2)

    def _find(self, part, name):
        if part.getAccessibleName().split(" ")[-1] == name and part.getAccessibleRole() == role("TABLE_CELL"):
            return part
        for index in range(min(part.getAccessibleChildCount(), MANY)):
            child = part.getAccessibleChild(index)
            found = self._find(child.getAccessibleContext(), name) if child else None
            if found:
                return found
        return None

    def has_tabs(self):
        """Whether sheets have tabs that could be dragged away."""
        return self.model.CurrentController.HasSheetTabs

    def has_tabs_inside(self):
        """The same in what was entered; nothing where it has no sheets."""
        return getattr(self.inner.CurrentController, "HasSheetTabs", None)

    def mark(self, cells):
        """Marks cells of the first sheet."""
        self.model.CurrentController.select(self.model.Sheets.getByIndex(0).getCellRangeByName(cells))

    def marks_several(self):
        """Whether more than the cell under the cursor is marked."""
        selected = self.model.CurrentSelection
        return hasattr(selected, "RangeAddress") and selected.RangeAddress.EndRow > selected.RangeAddress.StartRow

    def announce(self, name):
        """Tells everybody in the office an event of this document, as the office does."""
        event = uno.createUnoStruct("com.sun.star.document.DocumentEvent")
        event.Source, event.EventName = self.model, name
        self.context.getByName("/singletons/com.sun.star.frame.theGlobalEventBroadcaster").documentEventOccured(event)

    def store(self):
        self.model.store()

    def store_to(self, path, values):
        self.model.storeToURL(uno.systemPathToFileUrl(path), named(values))

    def bar(self, name):
        return self.model.CurrentController.hasInfobar(name)

    def said(self):
        """What the bars above the document say, as a screen reader is told."""
        heard = []
        self._listen(self.frame.ContainerWindow.getAccessibleContext(), heard)
        return "\n".join(heard)

    def _listen(self, part, heard):
        is_bar = part.getAccessibleRole() == NOTIFICATION
        if is_bar and part.getAccessibleName():
            heard.append(part.getAccessibleName())
        if part.getAccessibleRole() in CROWDED:
            return
        for index in range(min(part.getAccessibleChildCount(), MANY)):
            child = part.getAccessibleChild(index)
            if child:
                self._listen(child.getAccessibleContext(), heard)

    def recover(self, how):
        """What the office does by itself: doEmergencySave at a crash, doSessionSave when the session ends."""
        url = self._url("vnd.sun.star.autorecovery:/" + how)
        recovery = self.context.getByName("/singletons/com.sun.star.frame.theAutoRecovery")
        recovery.dispatch(url, named({"DispatchAsynchron": False}))

    def _url(self, command):
        url = uno.createUnoStruct("com.sun.star.util.URL")
        url.Complete = command
        return self.service("com.sun.star.util.URLTransformer").parseStrict(url)[1]

    def enabled(self, command):
        """Whether a command is there: None where nobody answers for it."""
        return self._enabled(self.frame, command)

    def _enabled(self, frame, command):
        url = self._url(command)
        dispatch = frame.queryDispatch(url, "", 0)
        if dispatch is None:
            return None
        status = Status()
        dispatch.addStatusListener(status, url)
        dispatch.removeStatusListener(status, url)
        return status.enabled

    def dispatch(self, command, values=None):
        """Gives a command to the window, as a menu does."""
        url = self._url(command)
        dispatch = self.frame.queryDispatch(url, "", 0)
        if dispatch is None:
            return False
        dispatch.dispatch(url, named(values or {}))
        return True

    def select_all(self):
        controller = self.model.CurrentController
        if hasattr(self.model, "Text"):
            controller.select(self.model.Text)
        return True

    def clipboard(self):
        """Formats of what lies in the clipboard."""
        board = self.context.ServiceManager.createInstanceWithContext("com.sun.star.datatransfer.clipboard.SystemClipboard", self.context)
        content = board.Contents if board else None
        return [flavor.MimeType for flavor in content.TransferDataFlavors] if content else []

    def pictures(self, node):
        """How many of the recent documents have a picture."""
        items = self._configuration("ConfigurationAccess", node)
        return sum(1 for name in items.ElementNames if items.getByName(name).Thumbnail)

    def setting(self, node, name):
        return self._configuration("ConfigurationAccess", node).getByName(name)

    def set(self, node, name, value):
        access = self._configuration("ConfigurationUpdateAccess", node)
        access.setPropertyValue(name, value)
        access.commitChanges()

    def _configuration(self, service, node):
        path = PropertyValue("nodepath", 0, node, 0)
        provider = self.service("com.sun.star.configuration.ConfigurationProvider")
        return provider.createInstanceWithArguments("com.sun.star.configuration." + service, (path,))

    def close(self):
        self.model.close(True)
        self.model = None

    def quit(self):
        try:
            self.desktop.terminate()
        except Exception:  # the bridge falls with the office
            pass


def main():
    office = Office(sys.argv[1])
    print(json.dumps({"ok": "ready"}), flush=True)
    for line in sys.stdin:
        command, *arguments = json.loads(line)
        try:
            answer = {"ok": getattr(office, command)(*arguments)}
        except Exception as fault:
            answer = {"fault": f"{type(fault).__name__}: {fault}"}
        print(json.dumps(answer, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
