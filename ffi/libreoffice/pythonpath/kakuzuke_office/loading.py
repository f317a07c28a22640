"""開く. A file of ours is told by its bytes, opened through the key server, and loaded from memory into the window asked for."""

import os
import secrets

import unohelper
import uno
from com.sun.star.document import XExtendedFilterDetection
from com.sun.star.frame import XSynchronousFrameLoader

from . import asking, cover, finding, memory, opened, refused, screen, words
from .library import EDIT, ENGLISH, JAPANESE, Refusal
from .properties import named, read
from .stream import Content

TYPE = "kakuzuke_cover"
# Set where the cover itself is to be shown.
AS_COVER = "KakuzukeCover"
# Where the office writes into a stream of ours.
STREAM = "private:stream"
# 利用目的, where the caller knows it.
PURPOSE = "KakuzukePurpose"
# The clause a purpose is asked on.
PURPOSE_CLAUSE = "3.1.1(2)"
EXPORTS = 2  # flag EXPORT of com.sun.star.document.FilterFactory
NO_MACROS = 0  # com.sun.star.document.MacroExecMode.NEVER_EXECUTE
NO_UPDATES = 0  # com.sun.star.document.UpdateDocMode.NO_UPDATE
# What the caller asks of the window, not of the document.
PASSED = ("Hidden", "Minimized", "StatusIndicator", "InteractionHandler")


def local_path(url):
    """The path of a local file's address; empty for anything else."""
    try:
        return uno.fileUrlToSystemPath(url) if url.startswith("file:///") else ""
    except Exception:  # whatever the office makes of an odd address, it is none of ours
        return ""


class Detector(unohelper.Base, XExtendedFilterDetection):
    """Says which files are ours, before the office decides what they are."""

    def __init__(self, context):
        self._context = context

    def detect(self, descriptor):
        values = read(descriptor)
        path = "" if values.get(AS_COVER) else local_path(values.get("URL", ""))
        return (TYPE if path and cover.is_protected(path) else ""), descriptor


class Loader(unohelper.Base, XSynchronousFrameLoader):
    """Loads what is behind a cover. The cover itself is never loaded, nor locked."""

    def __init__(self, context):
        self._context = context

    def load(self, descriptor, frame):
        values = read(descriptor)
        path = local_path(values.get("URL", ""))
        # What nobody sees is loaded to be converted, compared or inserted: that is no viewing, and shows no label.
        if values.get("Hidden"):
            return False
        try:
            document = self._open(path, values.get(PURPOSE, ""))
        except Refusal as refusal:
            return refused.show(self._context, refusal, path, values, frame)
        try:
            way = self._load(document, values, frame)
        except Refusal as refusal:
            document.close()
            return refused.show(self._context, refusal, path, values, frame)
        except BaseException:
            document.close()
            raise
        opened.begin(self._context, frame.Controller, document, way, path)
        return True

    def cancel(self):
        pass

    def _open(self, path, purpose):
        memory.keep_out_of_dumps()
        session = finding.session(self._context)
        memory.prepare(self._context)
        if not memory.ready(self._context):
            raise _own("restart" if memory.room() else "no-memory")
        try:
            return session.open(path, purpose=purpose)
        except Refusal as refusal:
            purpose = "" if purpose else self._purpose(refusal)
            if not purpose:
                raise
        return session.open(path, purpose=purpose)

    def _purpose(self, refusal):
        """利用目的, asked of the person where it may be what is missing."""
        if PURPOSE_CLAUSE not in refusal.clause or not screen.is_there():
            return ""
        language = words.language(self._context)
        texts = [words.say(key, language) for key in ("purpose-title", "purpose", "purpose-give", "leave")]
        return asking.ask(self._context, *texts) or ""

    def _load(self, document, values, frame):
        content = Content(document)
        kind, filter_name, options = self._kind(content, document.file_name)
        is_written = bool(self._flags(filter_name) & EXPORTS)
        arguments = {name: values[name] for name in PASSED if name in values}
        arguments.update(
            # By an address that everybody knows, another document could link to this one; with its last sign, none that the office
            # itself writes into a cell leads here.
            URL=f"{STREAM}/{secrets.token_hex(16)}|",
            InputStream=content,
            TypeName=kind,
            FilterName=filter_name,
            ReadOnly=not (is_written and document.can(EDIT)),
            MacroExecutionMode=NO_MACROS,
            UpdateDocMode=NO_UPDATES,
            PickListEntry=False,
            NoAutoSave=True,
        )
        if options:
            arguments["FilterOptions"] = options
        if not load_into(self._context, arguments, frame):
            raise _own("not-loaded")
        model = frame.Controller.Model
        try:
            _unlink(model)
        except BaseException:
            # Nothing holds it yet.
            model.close(True)
            raise
        return filter_name, options, is_written

    def _flags(self, filter_name):
        filters = service(self._context, "com.sun.star.document.FilterFactory")
        return read(filters.getByName(filter_name)).get("Flags", 0)

    def _kind(self, content, name):
        """Type, filter and its options: by the content; tables in text by their name."""
        table = _as_table(content, os.path.splitext(name)[1].lower())
        if table:
            return table
        detection = service(self._context, "com.sun.star.document.TypeDetection")
        kind, _ = detection.queryTypeByDescriptor(named(URL=STREAM, InputStream=content), True)
        if not kind or kind == TYPE:
            raise _own("no-kind")
        filter_name = read(detection.getByName(kind)).get("PreferredFilter", "")
        if not filter_name:
            raise _own("no-kind")
        return kind, filter_name, ""


def _unlink(model):
    """Links are to documents, not to versions of one (SID_VERSION): what says it is a version is not found by another document's."""
    model.attachResource(model.URL, named(**{**read(model.Args), "Version": 1}))


# Separators of tables in text, as characters' numbers.
TABLES = {".csv": "44", ".tsv": "9"}


def _as_table(content, ending):
    """How a table in text is read without asking anybody."""
    if ending not in TABLES:
        return None
    content.seek(0)
    _, start = content.readBytes(None, 1 << 16)
    content.seek(0)
    return "generic_Text", "Text - txt - csv (StarCalc)", f"{TABLES[ending]},34,{_encoding(start.value)},1"


def _encoding(start):
    """The office's number of the encoding: UTF-8 where it reads, else Shift_JIS as most Japanese tables are."""
    try:
        start[: start.rfind(b"\n") + 1].decode("utf-8")
        return 76
    except UnicodeDecodeError:
        return 64


def _own(name):
    return Refusal(0, name, {language: words.say(name, language) for language in (JAPANESE, ENGLISH)})


def service(context, name):
    """A service of the office by name."""
    return context.ServiceManager.createInstanceWithContext(name, context)


def load_into(context, arguments, frame):
    """The office's own loader, into this very window."""
    return service(context, "com.sun.star.comp.office.FrameLoader").load(named(**arguments), frame)
