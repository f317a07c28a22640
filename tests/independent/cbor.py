"""Deterministic CBOR (RFC 8949 4.2.1), the part of it the envelope uses. Anything else is refused."""


class CborError(Exception):
    pass


def _head(data, at):
    if at >= len(data):
        raise CborError("cut off")
    major, low = data[at] >> 5, data[at] & 31
    at += 1
    if low < 24:
        return major, low, at
    if low > 27:
        raise CborError("indefinite or reserved length")
    size = 1 << (low - 24)
    if at + size > len(data):
        raise CborError("cut off")
    value = int.from_bytes(data[at : at + size], "big")
    if value < (24 if size == 1 else 1 << (4 * size)):
        raise CborError("longer form than needed")
    return major, value, at + size


def _item(data, at, depth):
    if depth > 16:
        raise CborError("too deep")
    major, value, at = _head(data, at)
    if major == 0:
        return value, at
    if major == 1:
        return -1 - value, at
    if major in (2, 3):
        if value > len(data) - at:
            raise CborError("cut off")
        raw = data[at : at + value]
        if major == 2:
            return bytes(raw), at + value
        try:
            return raw.decode("utf-8"), at + value
        except UnicodeDecodeError as error:
            raise CborError("not UTF-8") from error
    if major == 4:
        if value > len(data) - at:
            raise CborError("cut off")
        items = []
        for _ in range(value):
            item, at = _item(data, at, depth + 1)
            items.append(item)
        return items, at
    if major == 5:
        if value > len(data) - at:
            raise CborError("cut off")
        result, last = {}, None
        for _ in range(value):
            start = at
            key, at = _item(data, at, depth + 1)
            written = data[start:at]
            if type(key) is not int or (last is not None and written <= last):
                raise CborError("keys not in order")
            last = written
            result[key], at = _item(data, at, depth + 1)
        return result, at
    if major == 7 and value in (20, 21):
        return value == 21, at
    raise CborError("a type the envelope does not use")


def decode(data):
    """The one value whose deterministic encoding is `data`."""
    value, end = _item(data, 0, 0)
    if end != len(data):
        raise CborError("trailing bytes")
    return value


def _write_head(major, value):
    if value < 24:
        return bytes([major << 5 | value])
    for low, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if value < 1 << (8 * size):
            return bytes([major << 5 | low]) + value.to_bytes(size, "big")
    raise CborError("too large")


def encode(value):
    """Deterministic encoding of integers, byte strings, texts and arrays."""
    if isinstance(value, int):
        return _write_head(0, value) if value >= 0 else _write_head(1, -1 - value)
    if isinstance(value, bytes):
        return _write_head(2, len(value)) + value
    if isinstance(value, str):
        raw = value.encode("utf-8")
        return _write_head(3, len(raw)) + raw
    if isinstance(value, list):
        return _write_head(4, len(value)) + b"".join(encode(item) for item in value)
    raise CborError("a type the envelope does not use")


def shape(value, required, optional=()):
    """A map with exactly these keys and value types."""
    if not isinstance(value, dict):
        raise CborError("not a map")
    known = {**dict(required), **dict(optional)}
    for key, kind in known.items():
        if key not in value:
            if key in dict(required):
                raise CborError("missing key")
            continue
        if not kind(value[key]):
            raise CborError("wrong type")
    if any(key not in known for key in value):
        raise CborError("unknown key")
    return value


def unsigned(bits):
    return lambda v: type(v) is int and 0 <= v < 1 << bits


def signed64(v):
    return type(v) is int and -(1 << 63) <= v < 1 << 63


def octets(length=None):
    return lambda v: isinstance(v, bytes) and (length is None or len(v) == length)


def text(v):
    return isinstance(v, str)
