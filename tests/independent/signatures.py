"""Signed objects: COSE_Sign1 with the chain in the protected header (specification 1.3)."""

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.x509.oid import ExtensionOID, ObjectIdentifier
from datetime import datetime, timezone
from hashlib import sha256

import cbor

DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
ALGORITHMS = {-19, -7, -35, -37, -38, -39, -257, -258, -259}
HASHES = {
    -7: hashes.SHA256, -35: hashes.SHA384,
    -37: hashes.SHA256, -38: hashes.SHA384, -39: hashes.SHA512,
    -257: hashes.SHA256, -258: hashes.SHA384, -259: hashes.SHA512,
}


class Malformed(Exception):
    pass


class UnknownAlgorithm(Exception):
    pass


class BadChain(Exception):
    pass


class BadSignature(Exception):
    pass


class Signer:
    def __init__(self, authority, kind, name, thumbprint):
        self.authority, self.kind, self.name, self.thumbprint = authority, kind, name, thumbprint


def is_algorithm(value):
    return type(value) is int


def is_chain(value):
    if isinstance(value, bytes):
        value = [value]
    elif not isinstance(value, list) or not 2 <= len(value) <= 4:
        return False
    return all(isinstance(c, bytes) and len(c) <= 8192 for c in value)


class Sign1:
    def __init__(self, data, domain):
        try:
            parts = cbor.decode(data)
            if not isinstance(parts, list) or len(parts) != 4 or parts[1] != {}:
                raise cbor.CborError("not a COSE_Sign1")
            protected, _, self.payload, self.signature = parts
            if not all(isinstance(p, bytes) for p in (protected, self.payload, self.signature)):
                raise cbor.CborError("not a COSE_Sign1")
            header = cbor.decode(protected)
            if not isinstance(header, dict) or not is_algorithm(header.get(1)):
                raise cbor.CborError("no algorithm")
        except cbor.CborError as error:
            raise Malformed(str(error)) from error
        self.algorithm = header[1]
        if self.algorithm not in ALGORITHMS:
            raise UnknownAlgorithm(str(self.algorithm))
        try:
            cbor.shape(header, {1: is_algorithm}, {33: is_chain})
        except cbor.CborError as error:
            raise Malformed(str(error)) from error
        chain = header.get(33, [])
        self.chain = [chain] if isinstance(chain, bytes) else chain
        self.structure = cbor.encode(["Signature1", protected, domain.encode("ascii"), self.payload])

    def verify(self, roots, time):
        leaf, authority = verify_chain(self.chain, roots, datetime.fromtimestamp(time, timezone.utc))
        kind, name = identity(leaf)
        key = leaf.public_key()
        verify_signature(self.algorithm, key, self.structure, self.signature)
        spki = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        return Signer(authority, kind, name, sha256(spki).digest())


def verify_chain(chain, roots, now):
    """The leaf and the authority its chain leads to."""
    if not chain:
        raise BadChain("no certificate")
    try:
        leaf, *others = [x509.load_der_x509_certificate(c) for c in chain]
    except ValueError as error:
        raise BadChain("malformed certificate") from error
    try:
        usage = leaf.extensions.get_extension_for_oid(ExtensionOID.EXTENDED_KEY_USAGE).value
        if DOCUMENT_SIGNING not in usage:
            raise BadChain("not for signing")
    except x509.ExtensionNotFound:
        pass
    for root in roots:
        if leads_to(leaf, others, x509.load_der_x509_certificate(root), now):
            return leaf, sha256(root).digest()
    raise BadChain("does not lead to a root")


def leads_to(certificate, others, root, now):
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        return False
    if issued(certificate, root):
        return True
    for issuer in others:
        rest = [o for o in others if o is not issuer]
        if is_ca(issuer) and issued(certificate, issuer) and leads_to(issuer, rest, root, now):
            return True
    return False


def issued(certificate, issuer):
    try:
        certificate.verify_directly_issued_by(issuer)
        return True
    except (ValueError, TypeError, InvalidSignature):
        return False


def is_ca(certificate):
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def identity(leaf):
    try:
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound as error:
        raise BadChain("names nobody") from error
    uris = names.get_values_for_type(x509.UniformResourceIdentifier)
    if len(uris) == 1:
        for kind in ("person", "service"):
            prefix = f"urn:kakuzuke:{kind}:"
            if uris[0].startswith(prefix):
                return kind, uris[0][len(prefix):]
    raise BadChain("names nobody")


def verify_signature(algorithm, key, message, signature):
    try:
        if algorithm == -19 and isinstance(key, ed25519.Ed25519PublicKey):
            return key.verify(signature, message)
        if algorithm in (-7, -35) and isinstance(key, ec.EllipticCurvePublicKey):
            curve, half = (ec.SECP256R1, 32) if algorithm == -7 else (ec.SECP384R1, 48)
            if isinstance(key.curve, curve) and len(signature) == 2 * half:
                pair = [int.from_bytes(part, "big") for part in (signature[:half], signature[half:])]
                return key.verify(encode_dss_signature(*pair), message, ec.ECDSA(HASHES[algorithm]()))
        if algorithm < -36 and isinstance(key, rsa.RSAPublicKey) and key.key_size >= 2048:
            chosen = HASHES[algorithm]()
            if algorithm > -40:
                pad = padding.PSS(padding.MGF1(chosen), chosen.digest_size)
            else:
                pad = padding.PKCS1v15()
            return key.verify(signature, message, pad, chosen)
    except InvalidSignature as error:
        raise BadSignature("does not verify") from error
    raise BadSignature("the key is not one for the algorithm")
