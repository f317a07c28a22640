"""Sections 6 to 9 of the specification: layout, metadata, payload, trailer."""

from hashlib import sha256
from unicodedata import category

import cbor
import signatures
from head import CLEAR, DETACHED, P1
from keys import Chunked
from refusal import Refused, refuse_if


def leaf(piece):
    return sha256(b"\x00" + piece).digest()


def tree_head(hashes):
    """RFC 9162 2.1.1, by its recursion."""
    if not hashes:
        return sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return sha256(b"\x01" + tree_head(hashes[:split]) + tree_head(hashes[split:])).digest()


def split64(items):
    return [items[at : at + 64] for at in range(0, len(items), 64)]


class Layout:
    def __init__(self, data, head, native_length=None):
        label, total = head.label, len(data)
        start = head.length + head.metadata_length
        refuse_if(total < 16, "layout-overrun")
        footer = data[-16:]
        refuse_if(footer[:8] != b"KKZ1FOOT", "footer-magic")
        length = int.from_bytes(footer[8:], "big")
        refuse_if(label.kind == 1 and length == 0, "trailer-missing")
        refuse_if(label.kind == 0 and length != 0, "trailer-unexpected")
        end = total - 16 - length
        refuse_if(end < start, "layout-overrun")
        refuse_if(native_length is not None and end != start, "layout-overrun")
        self.metadata, self.payload = data[head.length : start], data[start:end]
        self.trailer = data[end : total - 16]
        self.size = len(self.payload) if native_length is None else native_length
        if label.suite == P1:
            chunks = len(self.payload) - 56
            refuse_if(chunks < 0 or chunks % 16400 < 16, "payload-length")
            self.size = chunks // 16400 * 16384 + chunks % 16400 - 16
        pieces = -(-self.size // 16384) if label.suite == CLEAR else self.size // 16384 + 1
        self.nodes_length = -(-pieces // 64) * 32
        if label.kind == 1:
            refuse_if(self.size > 1 << 40, "payload-too-long")
            refuse_if(not 5 <= length - self.nodes_length <= 65540, "trailer-length")


CORE = {0: cbor.octets(16), 1: cbor.unsigned(8), 2: cbor.octets(32), 3: cbor.unsigned(64), 6: cbor.octets(32)}
CORE_OPTIONAL = {4: cbor.octets(24), 5: cbor.octets(32)}


class Trailer:
    """A trailer that is the author's word about what lies in `layout`."""

    def __init__(self, label, layout, roots, time):
        data = layout.trailer
        signed = data[layout.nodes_length : -4]
        refuse_if(int.from_bytes(data[-4:], "big") != len(signed), "core-cbor")
        try:
            sign1 = signatures.Sign1(signed, "kakuzuke/v1/core")
            core = cbor.shape(cbor.decode(sign1.payload), CORE, CORE_OPTIONAL)
        except signatures.UnknownAlgorithm as error:
            raise Refused("core-algorithm") from error
        except (signatures.Malformed, cbor.CborError) as error:
            raise Refused("core-cbor") from error
        try:
            signer = sign1.verify(roots, time)
        except signatures.BadChain as error:
            raise Refused("core-chain") from error
        except signatures.BadSignature as error:
            raise Refused("core-signature") from error
        own = (signer.thumbprint, signer.authority) == (label.author, label.origin)
        refuse_if(not own, "core-author-key")
        expected = {0: label.document, 1: label.suite, 2: sha256(layout.metadata).digest(), 3: layout.size}
        if label.suite == P1:
            expected[4], expected[5] = layout.payload[:24], layout.payload[24:56]
        self.root = core[6]
        refuse_if({k: v for k, v in core.items() if k != 6} != expected, "core-mismatch")
        nodes = data[: layout.nodes_length]
        self.nodes = [nodes[at : at + 32] for at in range(0, len(nodes), 32)]
        refuse_if(tree_head(self.nodes) != self.root, "nodes-mismatch")

    def check(self, pieces):
        for node, block in zip(self.nodes, split64(pieces), strict=True):
            refuse_if(tree_head([leaf(piece) for piece in block]) != node, "piece-not-signed")


def cut(data, size):
    return [data[at : at + size] for at in range(0, len(data), size)]


def printable(text):
    return len(text.encode("utf-8")) <= 4096 and not any(category(c) == "Cc" for c in text)


class Metadata:
    def __init__(self, plain):
        try:
            found = cbor.shape(cbor.decode(plain), {0: cbor.text, 1: cbor.text}, {2: cbor.text})
        except cbor.CborError as error:
            raise Refused("metadata-cbor") from error
        self.name, self.media_type, self.title = found[0], found[1], found.get(2)
        plain_name = self.name not in ("", ".", "..") and not set(self.name) & {"/", "\\"}
        refuse_if(not plain_name or not printable(self.name), "metadata-name")
        refuse_if(not printable(self.media_type) or not printable(self.title or ""), "metadata-text")


class Opened:
    """An envelope of which every byte has been checked. `key`: K, for an encrypted payload."""

    def __init__(self, data, head, licence, key, roots, time):
        label = head.label
        refuse_if((label.suite == CLEAR) != (licence is None), "licence-needed")
        self.current = None
        if licence:
            compare(label, licence[0])
            self.current = label.hash == licence[0].hash
        refuse_if(label.binding == DETACHED, "label-unbound")
        layout = Layout(data, head)
        payload, metadata = layout.payload, layout.metadata
        cipher = None
        if label.suite == P1:
            cipher = Chunked(key, b"kakuzuke/v1/payload", label, payload[:56], "commitment-mismatch")
            refuse_if(len(metadata) < 56, "metadata-damaged")
            opener = Chunked(key, b"kakuzuke/v1/metadata", label, metadata[:56], "metadata-damaged")
            metadata = opener.whole(metadata[56:], "metadata-damaged")
        self.metadata = Metadata(metadata)
        self.trailer = Trailer(label, layout, roots, time) if label.kind == 1 else None
        root = self.trailer.root if self.trailer else None
        refuse_if(licence is not None and root != licence[1], "licence-root")
        pieces = cut(payload[56:], 16400) if cipher else cut(payload, 16384)
        if cipher:
            cipher.chunk(len(pieces) - 1, pieces[-1], "chunk-damaged")
        if self.trailer:
            self.trailer.check(pieces)
        self.content = payload
        if cipher:
            self.content = b"".join(cipher.chunk(n, piece, "chunk-damaged") for n, piece in enumerate(pieces))


def compare(label, current):
    refuse_if((label.document, label.origin) != (current.document, current.origin), "licence-other-document")
    fixed = [(s.author, s.suite, s.kind, s.lineage, s.parent) for s in (label, current)]
    refuse_if(fixed[0] != fixed[1], "licence-other-sealing")


def verify_detached(data, head, native, roots, time):
    """Section 9; gives the root."""
    refuse_if(head.label.binding != DETACHED, "label-unbound")
    layout = Layout(data, head, len(native))
    trailer = Trailer(head.label, layout, roots, time)
    trailer.check(cut(native, 16384))
    return trailer.root
