"""Documents protected by Kakuzuke, opened through libkakuzuke (kakuzuke.h says what each call does).

    import kakuzuke
    with kakuzuke.Session() as session, session.open("会議録.docx") as document:
        print(document.label, document.can(kakuzuke.PRINT))
        document.seek(4096)
        print(document.read(100))

The library is the one the loader finds, or the file that the variable KAKUZUKE_LIBRARY names.
"""

import ctypes
import ctypes.util
import io
import os
from ctypes import POINTER, byref, c_char_p, c_int32, c_int64, c_size_t, c_uint8, c_uint32, c_uint64, c_void_p

VIEW, PRINT, COPY, EDIT, EXPORT, PROVIDE, RELABEL = (1 << bit for bit in range(7))
JAPANESE, ENGLISH = 0, 1

_TEXTS = ["label", "grade", "restrictions", "decider", "file_name", "media_type", "title", "watermark", "id", "lineage"]
_READ_AT = ctypes.CFUNCTYPE(c_int64, c_void_p, c_uint64, POINTER(c_uint8), c_size_t)


class _Source(ctypes.Structure):
    _fields_ = [
        ("size", c_size_t),
        ("path", c_char_p),
        ("handle", ctypes.c_ssize_t),
        ("read_at", _READ_AT),
        ("context", c_void_p),
        ("length", c_uint64),
        ("name", c_char_p),
    ]


def _load():
    library = ctypes.CDLL(os.environ.get("KAKUZUKE_LIBRARY") or ctypes.util.find_library("kakuzuke") or "libkakuzuke.so.0.1")
    errors = POINTER(c_void_p)
    signatures = [
        ("kkz_version", c_char_p, []),
        ("kkz_error_code", c_uint32, [c_void_p]),
        ("kkz_error_name", c_char_p, [c_void_p]),
        ("kkz_error_message", c_char_p, [c_void_p, c_uint32]),
        ("kkz_error_clause", c_char_p, [c_void_p]),
        ("kkz_error_remedy", c_char_p, [c_void_p, c_uint32]),
        ("kkz_error_remedy_right", c_uint32, [c_void_p]),
        ("kkz_error_free", None, [c_void_p]),
        ("kkz_session_open", c_uint32, [c_char_p, POINTER(c_void_p), errors]),
        ("kkz_session_name", c_char_p, [c_void_p]),
        ("kkz_session_close", None, [c_void_p]),
        ("kkz_document_open", c_uint32, [c_void_p, c_char_p, c_uint32, c_char_p, POINTER(c_void_p), errors]),
        ("kkz_document_size", c_uint64, [c_void_p]),
        ("kkz_document_read_at", c_uint32, [c_void_p, c_uint64, c_void_p, c_size_t, POINTER(c_size_t), errors]),
        ("kkz_document_can", c_int32, [c_void_p, c_uint32]),
        ("kkz_document_denied_because", c_char_p, [c_void_p, c_uint32, c_uint32]),
        ("kkz_document_save", c_uint32, [c_void_p, POINTER(_Source), c_void_p, errors]),
        ("kkz_document_close", None, [c_void_p]),
        ("kkz_request", c_uint32, [c_void_p, c_char_p, c_uint32, c_char_p, POINTER(c_uint64), errors]),
    ]
    signatures += [(f"kkz_document_{name}", c_char_p, [c_void_p]) for name in _TEXTS]
    for name, result, arguments in signatures:
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


_library = _load()


def version():
    """Version of the library that was loaded."""
    return _library.kkz_version().decode()


def _text(value):
    return value.decode("utf-8") if value is not None else None


class Error(Exception):
    """What a call refused: code, name, messages and remedies in both languages, clause."""

    def __init__(self, error):
        take = _library
        self.code = take.kkz_error_code(error)
        self.name = _text(take.kkz_error_name(error))
        self.messages = tuple(_text(take.kkz_error_message(error, language)) for language in (JAPANESE, ENGLISH))
        self.clause = _text(take.kkz_error_clause(error))
        self.remedies = tuple(_text(take.kkz_error_remedy(error, language)) for language in (JAPANESE, ENGLISH))
        self.right = take.kkz_error_remedy_right(error)
        take.kkz_error_free(error)
        super().__init__(f"{self.name} ({self.code}): {self.messages[JAPANESE]}")


def _call(function, *arguments):
    error = c_void_p()
    if function(*arguments, byref(error)):
        raise Error(error)


class Session:
    """One officer on one device; the usual profile, or the one in a folder."""

    def __init__(self, profile=None):
        self._handle = c_void_p()
        _call(_library.kkz_session_open, os.fsencode(profile) if profile else None, byref(self._handle))

    @property
    def name(self):
        return _text(_library.kkz_session_name(self._handle))

    def open(self, path, wanted=VIEW, purpose=None):
        """Opens a protected document: the key server decides and records before it gives the key."""
        handle = c_void_p()
        purpose = purpose.encode() if purpose else None
        _call(_library.kkz_document_open, self._handle, os.fsencode(path), wanted, purpose, byref(handle))
        return Document(handle)

    def request(self, path, right, reason):
        """Asks for one right in a document; the number of the application."""
        number = c_uint64()
        _call(_library.kkz_request, self._handle, os.fsencode(path), right, reason.encode(), byref(number))
        return number.value

    def close(self):
        _library.kkz_session_close(self._handle)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Document(io.RawIOBase):
    """An open document: a file that can be read anywhere in it. `label`, `grade`, `restrictions`, `decider`, `file_name`,
    `media_type`, `title`, `watermark`, `id` and `lineage` are what the header says of them."""

    def __init__(self, handle):
        super().__init__()
        self._handle, self._at = handle, 0

    def __getattr__(self, name):
        if name in _TEXTS:
            return _text(getattr(_library, f"kkz_document_{name}")(self._handle))
        raise AttributeError(name)

    @property
    def size(self):
        return _library.kkz_document_size(self._handle)

    def can(self, rights):
        return bool(_library.kkz_document_can(self._handle, rights))

    def denied_because(self, right, language=JAPANESE):
        return _text(_library.kkz_document_denied_because(self._handle, right, language))

    def save(self, content):
        """Saves bytes as the next version of the document, in its place and under its label."""
        bytes_ = bytes(content)

        def read_at(_context, offset, buffer, length):
            piece = bytes_[offset : offset + length]
            ctypes.memmove(buffer, piece, len(piece))
            return len(piece)

        callback = _READ_AT(read_at)
        source = _Source(ctypes.sizeof(_Source), None, 0, callback, None, len(bytes_), None)
        _call(_library.kkz_document_save, self._handle, byref(source), None)

    # What io asks for.

    def readable(self):
        return True

    def seekable(self):
        return True

    def tell(self):
        return self._at

    def seek(self, offset, whence=io.SEEK_SET):
        at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        if at < 0:
            raise ValueError("before the beginning")
        self._at = at
        return at

    def readinto(self, target):
        count = c_size_t()
        view = memoryview(target).cast("B")
        buffer = (c_uint8 * max(len(view), 1)).from_buffer(target) if len(view) else (c_uint8 * 1)()
        _call(_library.kkz_document_read_at, self._handle, self._at, buffer, len(view), byref(count))
        self._at += count.value
        return count.value

    def close(self):
        if not self.closed:
            _library.kkz_document_close(self._handle)
        super().close()
