"""libkakuzuke through ctypes: sessions, documents, errors. The only room that knows the C interface."""

import ctypes
import os
import threading
from ctypes import CFUNCTYPE, POINTER, Structure, byref, sizeof
from ctypes import c_char_p, c_int32, c_int64, c_size_t, c_ssize_t, c_uint8, c_uint32, c_uint64, c_void_p

VIEW, PRINT, COPY, EDIT, EXPORT, PROVIDE, RELABEL = (1 << bit for bit in range(7))
JAPANESE, ENGLISH = 0, 1

# kkz_label_signature.
UNCHECKED, VALID, INVALID, UNKNOWN_AUTHORITY = range(4)

_READ_AT = CFUNCTYPE(c_int64, c_void_p, c_uint64, c_void_p, c_size_t)

_PASSPHRASE = CFUNCTYPE(c_int64, c_void_p, c_void_p, c_size_t)


class _Source(Structure):
    """kkz_source."""

    _fields_ = [
        ("size", c_size_t),
        ("path", c_char_p),
        ("handle", c_ssize_t),
        ("read_at", _READ_AT),
        ("context", c_void_p),
        ("length", c_uint64),
        ("name", c_char_p),
    ]


def _source(content, name):
    """Bytes in memory, as the library reads them. They stay as they are while it does."""

    def read_at(_context, offset, buffer, length):
        try:
            piece = bytes(content[offset : offset + length])
            ctypes.memmove(buffer, piece, len(piece))
            return len(piece)
        except Exception:  # nothing of Python may come out of a callback
            return -1

    return _Source(sizeof(_Source), None, 0, _READ_AT(read_at), None, len(content), name.encode())


class _Options(Structure):
    """kkz_session_options."""

    _fields_ = [
        ("size", c_size_t),
        ("profile", c_char_p),
        ("proxy", c_char_p),
        ("passphrase", _PASSPHRASE),
        ("log", c_void_p),
        ("context", c_void_p),
    ]


class _Protection(Structure):
    """kkz_protection."""

    _fields_ = [
        ("size", c_size_t),
        ("grade", c_char_p),
        ("restrictions", c_char_p),
        ("title", c_char_p),
        ("post", c_char_p),
        ("readers", c_char_p),
        ("units", c_char_p),
        ("flags", c_uint32),
        ("threads", c_uint32),
    ]


def _protection(chosen):
    """What a person chose: a dictionary with `grade`, `restrictions` and `post`."""
    restrictions = "\n".join(chosen["restrictions"]).encode()
    post = chosen["post"].encode() or None
    return _Protection(sizeof(_Protection), chosen["grade"].encode(), restrictions, None, post, None, None, 0, 0)


def _passphrase(ask):
    """Asks when the library does, and keeps nothing of the answer."""

    def answer(_context, buffer, capacity):
        try:
            typed = (ask() or "").encode()
            if not 0 < len(typed) <= capacity:
                return -1
            ctypes.memmove(buffer, typed, len(typed))
            return len(typed)
        except Exception:  # nothing of Python may come out of a callback
            return -1

    return _PASSPHRASE(answer)


# What the header says: name, result, arguments.
_INTERFACE = [
    ("kkz_error_code", c_uint32, [c_void_p]),
    ("kkz_error_name", c_char_p, [c_void_p]),
    ("kkz_error_message", c_char_p, [c_void_p, c_uint32]),
    ("kkz_error_clause", c_char_p, [c_void_p]),
    ("kkz_error_remedy", c_char_p, [c_void_p, c_uint32]),
    ("kkz_error_reference", c_char_p, [c_void_p]),
    ("kkz_error_free", None, [c_void_p]),
    ("kkz_session_open_with", c_uint32, [POINTER(_Options), POINTER(c_void_p), POINTER(c_void_p)]),
    ("kkz_session_close", None, [c_void_p]),
    ("kkz_document_open", c_uint32, [c_void_p, c_char_p, c_uint32, c_char_p, POINTER(c_void_p), POINTER(c_void_p)]),
    ("kkz_document_size", c_uint64, [c_void_p]),
    (
        "kkz_document_read_at",
        c_uint32,
        [c_void_p, c_uint64, POINTER(c_uint8), c_size_t, POINTER(c_size_t), POINTER(c_void_p)],
    ),
    ("kkz_document_can", c_int32, [c_void_p, c_uint32]),
    ("kkz_document_expires_at", c_int64, [c_void_p]),
    ("kkz_document_renew", c_uint32, [c_void_p, c_void_p]),
    ("kkz_document_rights", c_uint32, [c_void_p]),
    ("kkz_document_label", c_char_p, [c_void_p]),
    ("kkz_document_grade", c_char_p, [c_void_p]),
    ("kkz_document_restrictions", c_char_p, [c_void_p]),
    ("kkz_document_file_name", c_char_p, [c_void_p]),
    ("kkz_document_media_type", c_char_p, [c_void_p]),
    ("kkz_document_title", c_char_p, [c_void_p]),
    ("kkz_document_close", None, [c_void_p]),
    ("kkz_document_decider", c_char_p, [c_void_p]),
    ("kkz_document_denied_because", c_char_p, [c_void_p, c_uint32, c_uint32]),
    ("kkz_document_save", c_uint32, [c_void_p, POINTER(_Source), c_void_p, POINTER(c_void_p)]),
    ("kkz_error_remedy_right", c_uint32, [c_void_p]),
    ("kkz_document_kept_by_people", c_char_p, [c_void_p]),
    ("kkz_document_watermark", c_char_p, [c_void_p]),
    ("kkz_document_openings_left", c_int32, [c_void_p]),
    ("kkz_document_tamper_evident", c_int32, [c_void_p]),
    ("kkz_label_read", c_uint32, [c_void_p, POINTER(_Source), POINTER(c_void_p), POINTER(c_void_p)]),
    ("kkz_label_header", c_char_p, [c_void_p]),
    ("kkz_label_decider", c_char_p, [c_void_p]),
    ("kkz_label_path", c_char_p, [c_void_p]),
    ("kkz_label_signature", c_uint32, [c_void_p]),
    ("kkz_label_free", None, [c_void_p]),
    (
        "kkz_protect",
        c_uint32,
        [c_void_p, c_char_p, POINTER(_Protection), c_void_p, POINTER(c_void_p), POINTER(c_void_p)],
    ),
    (
        "kkz_protect_new",
        c_uint32,
        [c_void_p, POINTER(_Source), c_char_p, POINTER(_Protection), c_void_p, POINTER(c_void_p), POINTER(c_void_p)],
    ),
    ("kkz_suggest", c_uint32, [c_void_p, POINTER(_Source), c_void_p, POINTER(c_void_p), POINTER(c_void_p)]),
    ("kkz_suggestion_grade", c_char_p, [c_void_p]),
    ("kkz_suggestion_restrictions", c_char_p, [c_void_p]),
    ("kkz_suggestion_reasons", c_char_p, [c_void_p, c_uint32]),
    ("kkz_suggestion_confidence", c_int32, [c_void_p]),
    ("kkz_suggestion_free", None, [c_void_p]),
    ("kkz_request", c_uint32, [c_void_p, c_char_p, c_uint32, c_char_p, POINTER(c_uint64), POINTER(c_void_p)]),
]


def _text(value):
    """Text the library owns, copied while it lives."""
    return value.decode("utf-8", "replace") if value else ""


class Refusal(Exception):
    """What the library refused: number, message, clause and remedy in both languages."""

    def __init__(self, code, name, messages, clause="", remedies=("", ""), reference="", right=0):
        super().__init__(messages[ENGLISH])
        self.code = code
        self.name = name
        self.messages = messages
        self.clause = clause
        self.remedies = remedies
        self.reference = reference
        # The right an application would ask for; 0: asking does not help.
        self.right = right


class Library:
    """The loaded library."""

    def __init__(self, path):
        self.functions = ctypes.CDLL(path)
        for name, result, arguments in _INTERFACE:
            function = getattr(self.functions, name)
            function.restype, function.argtypes = result, arguments

    def call(self, function, *arguments):
        """Calls a function whose last argument is the error; raises what it says."""
        error = c_void_p()
        if function(*arguments, byref(error)) != 0:
            raise self._refusal(error)

    def _refusal(self, error):
        f = self.functions
        both = lambda pick: tuple(_text(pick(error, language)) for language in (JAPANESE, ENGLISH))
        try:
            return Refusal(
                f.kkz_error_code(error),
                _text(f.kkz_error_name(error)),
                both(f.kkz_error_message),
                _text(f.kkz_error_clause(error)),
                both(f.kkz_error_remedy),
                _text(f.kkz_error_reference(error)),
                f.kkz_error_remedy_right(error),
            )
        finally:
            f.kkz_error_free(error)

    def session(self, profile, ask=None):
        """A session of the officer whose profile lies in a folder; None: the usual one. `ask` gives the passphrase, if there is one."""
        handle = c_void_p()
        options = _Options(sizeof(_Options), profile.encode() if profile else None)
        if ask:
            options.passphrase = _passphrase(ask)
        self.call(self.functions.kkz_session_open_with, byref(options), byref(handle))
        return Session(self, handle)


class Session:
    """One officer on one device."""

    def __init__(self, library, handle):
        self.library = library
        self.handle = handle

    def open(self, path, wanted=VIEW, purpose=""):
        """Opens a protected document; the key server decides and logs before there is a key."""
        handle = c_void_p()
        f = self.library.functions
        self.library.call(f.kkz_document_open, self.handle, path.encode(), wanted, purpose.encode(), byref(handle))
        return Document(self.library, handle)

    def suggest(self, content, name):
        """What the content asks for. It decides nothing."""
        handle = c_void_p()
        f = self.library.functions
        self.library.call(f.kkz_suggest, self.handle, byref(_source(content, name)), None, byref(handle))
        try:
            return Suggestion(f, handle)
        finally:
            f.kkz_suggestion_free(handle)

    def protect_new(self, content, path, chosen):
        """New content under a free name; where it lies."""
        label = c_void_p()
        f = self.library.functions
        source = _source(content, os.path.basename(path))
        self.library.call(
            f.kkz_protect_new, self.handle, byref(source), path.encode(), byref(_protection(chosen)), None, byref(label)
        )
        return Label(f, label).path

    def protect(self, path, chosen):
        """A file in its place; where it lies now."""
        label = c_void_p()
        f = self.library.functions
        self.library.call(f.kkz_protect, self.handle, path.encode(), byref(_protection(chosen)), None, byref(label))
        return Label(f, label).path

    def label(self, path):
        """The label of a file, its signature judged."""
        handle = c_void_p()
        source = _Source(sizeof(_Source), path.encode())
        f = self.library.functions
        self.library.call(f.kkz_label_read, self.handle, byref(source), byref(handle))
        return Label(f, handle)

    def request(self, path, right, reason):
        """申請. Asks for a right in a document; the number of the application."""
        number = c_uint64()
        f = self.library.functions
        self.library.call(f.kkz_request, self.handle, path.encode(), right, reason.encode(), byref(number))
        return number.value


class Label:
    """What a label says. Frees what it is read from."""

    def __init__(self, functions, handle):
        try:
            self.header = _text(functions.kkz_label_header(handle))
            self.decider = _text(functions.kkz_label_decider(handle))
            self.path = _text(functions.kkz_label_path(handle))
            self.signature = functions.kkz_label_signature(handle)
        finally:
            functions.kkz_label_free(handle)


class Suggestion:
    """提案. Grade, restrictions, evidence, and how sure it is in percent (-1: nothing was found)."""

    def __init__(self, functions, handle):
        self.grade = _text(functions.kkz_suggestion_grade(handle))
        self.restrictions = _text(functions.kkz_suggestion_restrictions(handle)).splitlines()
        self.reasons = tuple(
            _text(functions.kkz_suggestion_reasons(handle, language)).splitlines() for language in (JAPANESE, ENGLISH)
        )
        self.confidence = functions.kkz_suggestion_confidence(handle)


class Document:
    """An open document. Closed once; what is read afterwards is refused."""

    def __init__(self, library, handle):
        self._library = library
        self._handle = handle
        # The office may still read from one thread while another closes.
        self._lock = threading.RLock()
        self._held = None
        self.size = library.functions.kkz_document_size(handle)
        self._learn()

    def _learn(self):
        """What may be another after the licence was renewed, and what never is."""
        f, handle = self._library.functions, self._handle
        self.label = _text(f.kkz_document_label(handle))
        self.grade = _text(f.kkz_document_grade(handle))
        self.restrictions = _text(f.kkz_document_restrictions(handle)).splitlines()
        self.file_name = _text(f.kkz_document_file_name(handle))
        self.title = _text(f.kkz_document_title(handle))
        self.decider = _text(f.kkz_document_decider(handle))
        self.kept_by_people = _text(f.kkz_document_kept_by_people(handle)).splitlines()
        self.watermark = _text(f.kkz_document_watermark(handle))
        self.openings_left = f.kkz_document_openings_left(handle)
        self.tamper_evident = bool(f.kkz_document_tamper_evident(handle))
        self.expires_at = f.kkz_document_expires_at(handle)

    @property
    def rights(self):
        """Everything the licence permits now, as bits; of a closed document nothing."""
        with self._lock:
            return self._library.functions.kkz_document_rights(self._handle) if self._handle else 0

    def renew(self):
        """Asks the key server anew; refused, there is no right any more."""
        # Not under the lock: the office reads on while the server is asked.
        with self._lock:
            handle = self._handle
        if not handle:
            raise ValueError("the document is closed")
        self._library.call(self._library.functions.kkz_document_renew, handle)
        with self._lock:
            if self._handle:
                self._learn()

    def can(self, rights):
        """Whether the licence permits all of these; of a closed document nothing."""
        with self._lock:
            return bool(self._handle and self._library.functions.kkz_document_can(self._handle, rights))

    def read_at(self, offset, length):
        """Bytes at an offset, decrypted for this call alone."""
        with self._lock:
            if not self._handle:
                raise ValueError("the document is closed")
            if self._held is not None:
                return self._held[offset : offset + length]
            length = max(0, min(length, self.size - offset))
            buffer = (c_uint8 * length)()
            count = c_size_t()
            f = self._library.functions
            self._library.call(f.kkz_document_read_at, self._handle, offset, buffer, length, byref(count))
            content = bytes(memoryview(buffer)[: count.value])
            ctypes.memset(buffer, 0, length)
            return content

    def hold(self):
        """Keeps this version's content in memory: after a save the library speaks of the next one."""
        with self._lock:
            if self._held is None:
                self._held = self.read_at(0, self.size)

    def because(self, right, language):
        """Why a right is not there; empty when it is."""
        with self._lock:
            f = self._library.functions
            return _text(f.kkz_document_denied_because(self._handle, right, language)) if self._handle else ""

    def save(self, content):
        """Edited content becomes the document's next version, in its place, under the same label and lineage."""
        with self._lock:
            if not self._handle:
                raise ValueError("the document is closed")
            f = self._library.functions
            source = _source(content, self.file_name)
            self._library.call(f.kkz_document_save, self._handle, byref(source), None)

    def close(self):
        """Wipes the key."""
        with self._lock:
            handle, self._handle, self._held = self._handle, None, None
            if handle:
                self._library.functions.kkz_document_close(handle)
