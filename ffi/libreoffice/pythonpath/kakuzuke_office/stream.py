"""Content as streams of the office: read where it asks, decrypted then; written into memory."""

import unohelper
import uno
from com.sun.star.io import IOException, NotConnectedException, XInputStream, XOutputStream, XSeekable

from .library import Refusal


class Content(unohelper.Base, XInputStream, XSeekable):
    """A protected document's content, at any offset."""

    def __init__(self, document):
        self._document = document
        self._at = 0

    def _read(self, length):
        try:
            content = self._document.read_at(self._at, length)
        except Refusal as refusal:
            raise IOException(str(refusal), self) from refusal
        except ValueError as closed:
            raise NotConnectedException(str(closed), self) from closed
        self._at += len(content)
        return len(content), uno.ByteSequence(content)

    def readBytes(self, _data, length):
        return self._read(length)

    def readSomeBytes(self, _data, length):
        return self._read(length)

    def skipBytes(self, length):
        self._at = min(self._at + length, self._document.size)

    def available(self):
        return min(self._document.size - self._at, 0x7FFFFFFF)

    def closeInput(self):
        pass  # the document ends with its model, not with its first reader

    def seek(self, position):
        if not 0 <= position <= self._document.size:
            position = max(0, min(position, self._document.size))
        self._at = position

    def getPosition(self):
        return self._at

    def getLength(self):
        return self._document.size


class Written(unohelper.Base, XOutputStream, XSeekable):
    """What the office writes, kept in memory and wiped after use."""

    def __init__(self):
        self.content = bytearray()
        self._at = 0

    def writeBytes(self, data):
        data = bytes(data.value)
        end = self._at + len(data)
        if len(self.content) < self._at:
            self.content.extend(bytes(self._at - len(self.content)))
        self.content[self._at : end] = data
        self._at = end

    def flush(self):
        pass

    def closeOutput(self):
        pass

    def seek(self, position):
        self._at = position

    def getPosition(self):
        return self._at

    def getLength(self):
        return len(self.content)

    def wipe(self):
        """Zeroes what was written."""
        self.content[:] = bytes(len(self.content))
        self.content.clear()
