"""Sections 2 to 5 of the specification: preamble, label, grants, evidence."""

from hashlib import sha256

import cbor
import signatures
from refusal import Refused, refuse_if

MAGIC = b"\x89KKZ\r\n\x1a\n"
CLEAR, P1 = 0, 1
UNBOUND, DETACHED = 1, 2


def number(data, at, size):
    return int.from_bytes(data[at : at + size], "big")


class Head:
    """A head whose sections are well-formed. `bytes` is the whole file."""

    def __init__(self, data):
        refuse_if(data[:8] != MAGIC, "not-an-envelope")
        refuse_if(len(data) < 10, "head-truncated")
        refuse_if(number(data, 8, 2) != 1, "unknown-version")
        refuse_if(len(data) < 12, "head-truncated")
        refuse_if(number(data, 10, 2) != 0, "reserved-not-zero")
        refuse_if(len(data) < 32, "head-truncated")
        self.length, label, grants, evidence, self.metadata_length = (number(data, at, 4) for at in range(12, 32, 4))
        refuse_if(self.length == 0 or self.length % 4096 or self.length > 1 << 20, "head-length")
        refuse_if(32 + label + grants + evidence > self.length, "sections-overflow")
        refuse_if(self.metadata_length > 65536, "metadata-length")
        refuse_if(len(data) < self.length, "head-truncated")
        rest = data[32 : self.length]
        refuse_if(any(rest[label + grants + evidence :]), "padding-not-zero")
        self.label = Label(rest[:label])
        refuse_if(self.label.binding == UNBOUND, "label-unbound")
        self.grants = grants_of(rest[label : label + grants], self.label)
        self.evidence = evidence_of(rest[label + grants : label + grants + evidence])


def is_grades(v):
    return isinstance(v, dict) and list(v) == [0, 1, 2] and v[0] in (1, 2, 3) and v[1] in (1, 2) and v[2] in (1, 2)


def is_decider(v):
    return isinstance(v, dict) and list(v) == [0, 1, 2] and all(map(cbor.text, v.values()))


def is_decided(v):
    if not (isinstance(v, list) and len(v) == 2 and isinstance(v[1], list) and len(v[1]) == 1):
        return False
    by = v[1][0]
    if v[0] == 0:
        return is_decider(by)
    return v[0] == 1 and isinstance(by, dict) and list(by) == [0, 1, 2] and is_decider(by[2])


def is_label(v):
    known = isinstance(v, dict) and set(range(5)) <= set(v) <= set(range(12))
    return known and is_grades(v[0]) and is_decided(v[3])


def is_parent(v):
    return isinstance(v, list) and len(v) == 2 and cbor.octets(16)(v[0]) and cbor.octets(32)(v[1])


SECTION = {
    0: cbor.octets(16), 1: cbor.octets(16), 3: cbor.unsigned(32), 5: cbor.octets(32), 6: cbor.unsigned(8),
    7: cbor.octets(32), 8: cbor.unsigned(8), 9: is_label,
}
SECTION_OPTIONAL = {2: is_parent, 4: cbor.octets(32), 10: cbor.unsigned(8)}


class Label:
    """A label section (section 3)."""

    def __init__(self, data):
        try:
            self.signed = signatures.Sign1(data, "kakuzuke/v1/label")
            section = cbor.shape(cbor.decode(self.signed.payload), SECTION, SECTION_OPTIONAL)
        except signatures.UnknownAlgorithm as error:
            raise Refused("label-algorithm") from error
        except (signatures.Malformed, cbor.CborError) as error:
            raise Refused("label-cbor") from error
        self.section = section
        self.document, self.lineage, self.parent = section[0], section[1], section.get(2)
        self.revision, self.previous, self.origin = section[3], section.get(4), section[5]
        self.suite, self.author, self.kind, self.binding = section[6], section[7], section[8], section.get(10)
        self.grades = section[9][0]
        self.hash = sha256(self.signed.structure).digest()
        self.check()

    def check(self):
        refuse_if(self.binding not in (None, UNBOUND, DETACHED), "unknown-kind")
        refuse_if(self.suite not in (CLEAR, P1), "unknown-payload-suite")
        refuse_if(self.kind not in (0, 1), "unknown-kind")
        refuse_if(self.revision < 1 or (self.revision == 1) != (self.previous is None), "label-inconsistent")
        if self.parent is None:
            refuse_if(self.lineage != self.document, "label-inconsistent")
        else:
            own = self.lineage == self.document or self.parent[0] == self.document
            refuse_if(own, "label-inconsistent")
        if self.binding is None:
            refuse_if(self.suite != (P1 if self.grades[0] > 1 else CLEAR), "label-mechanism")
        else:
            refuse_if(self.grades[0] > 2, "label-mechanism")
        if self.binding is None:
            demanded = self.grades[1] == 2 or self.suite == CLEAR
            refuse_if(demanded and self.kind != 1, "label-mechanism")
        elif self.binding == UNBOUND:
            refuse_if(self.suite != CLEAR or self.kind != 0 or self.grades[1] == 2, "label-mechanism")
        else:
            refuse_if(self.suite != CLEAR or self.kind != 1, "label-mechanism")

    def verify(self, roots, time):
        try:
            signer = self.signed.verify(roots, time)
        except signatures.BadChain as error:
            raise Refused("label-chain") from error
        except signatures.BadSignature as error:
            raise Refused("label-signature") from error
        kind, by = self.section[9][3]
        decider = ("person", by[0][0]) if kind == 0 else ("service", "rule")
        refuse_if((signer.kind, signer.name) != decider, "label-signer")
        own = signer.thumbprint == self.author and signer.authority == self.origin
        refuse_if(self.revision == 1 and not own, "label-author-key")
        return signer

    def follows(self, current):
        refuse_if(self.revision != current.revision + 1, "revision-number")
        refuse_if(self.previous != current.hash, "revision-previous")
        fixed = [{k: v for k, v in s.section.items() if k not in (3, 4, 9)} for s in (self, current)]
        refuse_if(fixed[0] != fixed[1], "revision-fixed")


GRANT = {
    0: cbor.octets(32), 1: cbor.octets(16), 2: cbor.unsigned(8), 3: cbor.unsigned(8), 4: cbor.unsigned(8),
    5: cbor.octets(), 6: cbor.octets(),
}


def records(data, shape, refusal):
    try:
        found = cbor.decode(data)
        if not isinstance(found, list):
            raise cbor.CborError("not an array")
        return [cbor.shape(item, shape) for item in found]
    except cbor.CborError as error:
        raise Refused(refusal) from error


def grants_of(data, label):
    grants = records(data, GRANT, "grants-cbor")
    for grant in grants:
        refuse_if(grant[2] not in (1, 2, 3), "unknown-key-suite")
        refuse_if(not 1 <= grant[3] <= grant[4] <= 16, "grants-inconsistent")
    if label.suite == CLEAR:
        refuse_if(grants, "grants-inconsistent")
        return grants
    refuse_if(not 1 <= len(grants) <= 64, "grants-inconsistent")
    counts = {g[4] for g in grants}
    refuse_if(len(counts) != 1, "grants-inconsistent")
    refuse_if({g[3] for g in grants} != set(range(1, counts.pop() + 1)), "grants-inconsistent")
    refuse_if(len({(g[3], g[0], g[1]) for g in grants}) != len(grants), "grants-inconsistent")
    return grants


def evidence_of(data):
    found = records(data, {0: cbor.unsigned(8), 1: cbor.octets()}, "evidence-cbor")
    refuse_if(len(found) > 64 or any(r[0] not in (1, 2) for r in found), "evidence-cbor")
    return found


WORD = {0: cbor.octets(32), 1: cbor.octets(16), 2: cbor.octets(32), 3: cbor.signed64}


def verify_countersignature(data, label, roots, time):
    try:
        signed = signatures.Sign1(data, "kakuzuke/v1/countersignature")
        word = cbor.shape(cbor.decode(signed.payload), WORD)
    except (signatures.Malformed, signatures.UnknownAlgorithm, cbor.CborError) as error:
        raise Refused("evidence-record-cbor") from error
    refuse_if((word[1], word[2]) != (label.document, label.hash), "evidence-other-document")
    try:
        signer = signed.verify(roots, time)
    except (signatures.BadChain, signatures.BadSignature) as error:
        raise Refused("evidence-signature") from error
    by_authority = (signer.kind, signer.name, signer.authority) == ("service", "authority", word[0])
    refuse_if(not by_authority, "evidence-signer")
