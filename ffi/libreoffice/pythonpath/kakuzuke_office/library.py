"""libkakuzuke through ctypes: sessions, documents, errors. The only room that knows the C interface."""

import ctypes
import threading
from ctypes import CFUNCTYPE, POINTER, Structure, byref, sizeof
from ctypes import c_char_p, c_int32, c_int64, c_size_t, c_ssize_t, c_uint8, c_uint32, c_uint64, c_void_p

VIEW, PRINT, COPY, EDIT, EXPORT, PROVIDE, RELABEL = (1 << bit for bit in range(7))
JAPANESE, ENGLISH = 0, 1

_READ_AT = CFUNCTYPE(c_int64, c_void_p, c_uint64, c_void_p, c_size_t)


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


# What the header says: name, result, arguments.
_INTERFACE = [
    ("kkz_error_code", c_uint32, [c_void_p]),
    ("kkz_error_name", c_char_p, [c_void_p]),
    ("kkz_error_message", c_char_p, [c_void_p, c_uint32]),
    ("kkz_error_clause", c_char_p, [c_void_p]),
    ("kkz_error_remedy", c_char_p, [c_void_p, c_uint32]),
    ("kkz_error_reference", c_char_p, [c_void_p]),
    ("kkz_error_free", None, [c_void_p]),
    ("kkz_session_open", c_uint32, [c_char_p, POINTER(c_void_p), POINTER(c_void_p)]),
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

    def session(self, profile):
        """A session of the officer whose profile lies in a folder; None: the usual one."""
        handle = c_void_p()
        self.call(self.functions.kkz_session_open, profile.encode() if profile else None, byref(handle))
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


    def request(self, path, right, reason):
        """申請. Asks for a right in a document; the number of the application."""
        number = c_uint64()
        f = self.library.functions
        self.library.call(f.kkz_request, self.handle, path.encode(), right, reason.encode(), byref(number))
        return number.value


class Document:
    """An open document. Closed once; what is read afterwards is refused."""

    def __init__(self, library, handle):
        self._library = library
        self._handle = handle
        # The office may still read from one thread while another closes.
        self._lock = threading.RLock()
        self._held = None
        f = library.functions
        self.size = f.kkz_document_size(handle)
        self.label = _text(f.kkz_document_label(handle))
        self.grade = _text(f.kkz_document_grade(handle))
        self.restrictions = _text(f.kkz_document_restrictions(handle)).splitlines()
        self.file_name = _text(f.kkz_document_file_name(handle))
        self.title = _text(f.kkz_document_title(handle))
        self.decider = _text(f.kkz_document_decider(handle))

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
