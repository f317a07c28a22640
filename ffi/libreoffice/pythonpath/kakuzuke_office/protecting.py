"""格付と保護. A document in clear becomes a protected one: written into memory, decided on, protected, and shown again from there."""

import os

import uno
from com.sun.star.io import IOException
from com.sun.star.task import ErrorCodeIOException
from com.sun.star.ui.dialogs.TemplateDescription import FILESAVE_AUTOEXTENSION
from com.sun.star.uno import Exception as UnoException

from . import bar, busy, deciding, finding, history, loading, memory, screen, words
from .library import EDIT, JAPANESE, ENGLISH, Refusal
from .properties import named, read
from .stream import Written

# What a new document of a kind is written as, by its name's ending; the first is the usual one.
FILTERS = (
    ("com.sun.star.text.TextDocument", (("docx", "MS Word 2007 XML"), ("odt", "writer8"))),
    ("com.sun.star.sheet.SpreadsheetDocument", (("xlsx", "Calc MS Excel 2007 XML"), ("ods", "calc8"))),
    ("com.sun.star.presentation.PresentationDocument", (("pptx", "Impress MS PowerPoint 2007 XML"), ("odp", "impress8"))),
    ("com.sun.star.drawing.DrawingDocument", (("odg", "draw8"),)),
)


def kinds(model):
    """Endings and filters of a document's kind; none where it is of no kind that is protected here."""
    return next((filters for service, filters in FILTERS if model.supportsService(service)), ())


def place(model):
    """The file the document was read from or saved as; empty for a new one."""
    return loading.local_path(model.URL)


def _filter(model, path):
    """How it is written: as it was read, or as its new name says."""
    if place(model) == path:
        return read(model.Args).get("FilterName", "")
    ending = os.path.splitext(path)[1].lower().lstrip(".")
    return dict(kinds(model)).get(ending, "")


def refuse(name):
    """A refusal of our own, by the name of its text."""
    return Refusal(0, name, {language: words.say(name, language) for language in (JAPANESE, ENGLISH)})


def written(model, filter_name):
    """The document as it is on the screen, in memory."""
    content = Written()
    try:
        model.storeToURL(loading.STREAM, named(OutputStream=content, FilterName=filter_name))
    except BaseException:
        content.wipe()
        raise
    return content


class Protecting:
    """One document in clear, on its way under protection."""

    def __init__(self, context, frame, later):
        self._context, self._frame, self._later = context, frame, later
        self._model = frame.Controller.Model
        self._language = words.language(context)

    def run(self, given):
        """Asks, decides, protects. What comes with the command is not asked for: Grade, Restrictions, Post, Path."""
        try:
            self._run(given)
        except Refusal as refusal:
            self._tell(words.refusal(refusal, self._language))
        except (IOException, ErrorCodeIOException, UnoException, OSError) as fault:
            self._tell(str(getattr(fault, "Message", "") or fault))

    def _tell(self, text):
        bar.tell(self._frame.Controller, words.say("protect-failed", self._language), text)

    def _run(self, given):
        memory.prepare(self._context)
        if not memory.ready(self._context):
            raise refuse("restart" if memory.room() else "no-memory")
        if not kinds(self._model):
            raise refuse("no-such-kind")
        # What is being saved comes to its place after the envelope, in clear.
        if busy.is_saving(self._model):
            raise refuse("saving")
        if not screen.is_there() and "Grade" not in given:
            raise refuse("no-screen")
        path = place(self._model)
        name = path or "document." + kinds(self._model)[0][0]
        chosen = self._chosen(name, given)
        if chosen is None:
            return
        path = path or given.get("Path", "") or self._asked()
        if path:
            self._show(self._protect(path, chosen), path)

    def _chosen(self, name, given):
        """The decision: with the command, or the officer's in the dialog."""
        if "Grade" in given:
            return deciding.choice(given["Grade"], given.get("Restrictions", ""), given.get("Post", ""))
        content = self._written(name)
        try:
            suggestion = finding.session(self._context).suggest(content.content, os.path.basename(name))
        finally:
            content.wipe()
        return deciding.decide(self._context, suggestion, self._language)

    def _written(self, path):
        filter_name = _filter(self._model, path)
        if not filter_name:
            raise refuse("no-such-ending")
        return written(self._model, filter_name)

    def _asked(self):
        """Where it is to lie; empty when the person leaves."""
        picker = self._context.ServiceManager.createInstanceWithArgumentsAndContext(
            "com.sun.star.ui.dialogs.FilePicker", (FILESAVE_AUTOEXTENSION,), self._context
        )
        for ending, _ in kinds(self._model):
            picker.appendFilter(f"{ending} (*.{ending})", "*." + ending)
        picker.setDefaultName(f"{self._model.Title}.{kinds(self._model)[0][0]}")
        return loading.local_path(picker.getFiles()[0]) if picker.execute() == 1 else ""

    def _protect(self, path, chosen):
        """Where the protected document lies. On the way nothing of it lies anywhere in clear that did not before."""
        session = finding.session(self._context)
        if not place(self._model):
            content = self._written(path)
            try:
                return session.protect_new(content.content, path, chosen)
            finally:
                content.wipe()
        content = self._written(path) if self._model.isModified() else None
        # Saved once more from this window, it would lie there in clear again.
        self._model.setArgs(named(LockSave=True))
        try:
            lies = self._in_place(session, path, chosen)
            if content is not None:
                self._add(session, lies, content)
            return lies
        finally:
            if content is not None:
                content.wipe()

    def _in_place(self, session, path, chosen):
        try:
            return session.protect(path, chosen)
        except Refusal:
            self._model.setArgs(named(LockSave=False))
            raise

    def _add(self, session, path, content):
        """What was changed since the file was saved becomes the next version at once."""
        try:
            document = session.open(path, EDIT)
            try:
                document.save(content.content)
            finally:
                document.close()
        except Refusal as refusal:
            told = {language: words.say("half", language) + "\n" + refusal.messages[language] for language in (JAPANESE, ENGLISH)}
            raise Refusal(refusal.code, refusal.name, told, refusal.clause, refusal.remedies, refusal.reference) from refusal

    def _show(self, lies, path):
        """The window shows the protected document in place of the one in clear, as soon as the command is over."""
        before = uno.systemPathToFileUrl(path)
        self._later(lambda: self._replace(uno.systemPathToFileUrl(lies), before))

    def _replace(self, url, before):
        self._model.setModified(False)
        if self._frame.loadComponentFromURL(url, "_self", 0, ()) is None:
            self._model.setModified(True)
            self._tell(words.say("not-shown", self._language))
        history.forget(self._context, before)
