"""Section 4: how the document key comes out of the grants; section 7: what is derived from it."""

from hashlib import shake_256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric import ec, mlkem, x25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

import cbor
from refusal import Refused, refuse_if


def expand(prk, info, length=32):
    return HKDFExpand(hashes.SHA512(), length, info).derive(prk)


def kem_key(suite, seed):
    """The private key of 32 bytes in HPKE's serialized form."""
    if suite == 1:
        return x25519.X25519PrivateKey.from_private_bytes(seed)
    if suite == 2:
        both = shake_256(seed).digest(96)
        classic = x25519.X25519PrivateKey.from_private_bytes(both[64:])
        return hpke.MLKEM768X25519PrivateKey(mlkem.MLKEM768PrivateKey.from_seed_bytes(both[:64]), classic)
    both = shake_256(seed).digest(112)
    classic = ec.derive_private_key(int.from_bytes(both[64:], "big"), ec.SECP384R1())
    return hpke.MLKEM1024P384PrivateKey(mlkem.MLKEM1024PrivateKey.from_seed_bytes(both[:64]), classic)


SUITES = {
    1: hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM),
    2: hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM),
    3: hpke.Suite(hpke.KEM.MLKEM1024_P384, hpke.KDF.HKDF_SHA384, hpke.AEAD.AES_256_GCM),
}
ENC = {1: 32, 2: 1120, 3: 1665}


def open_grant(grant, label, private, secret):
    """One share of the document key."""
    authority, key_id, suite, index, count, enc, ct = (grant[k] for k in range(7))
    info = cbor.encode(["kakuzuke/v1/grant", authority, key_id, suite, label.document, index, count])
    refuse_if(len(enc) != ENC[suite], "grant-outer")
    try:
        wrapped = SUITES[suite].decrypt(enc + ct, kem_key(suite, private), info)
    except Exception as error:  # The library has no one exception for "does not open".
        raise Refused("grant-outer") from error
    refuse_if(len(wrapped) != 60, "grant-outer")
    context = b"kakuzuke/v1/wrap" + cbor.encode([label.document, authority, index, count, label.suite])
    try:
        return AESGCM(expand(secret, context)).decrypt(wrapped[:12], wrapped[12:], None)
    except InvalidTag as error:
        raise Refused("grant-inner") from error


def document_key(label, grants, held):
    """`held`: {(authority, key id): (private key, secret)}."""
    shares = {}
    for grant in grants:
        found = held.get((grant[0], grant[1]))
        if found and grant[3] not in shares:
            shares[grant[3]] = open_grant(grant, label, *found)
    refuse_if(not shares or len(shares) != grants[0][4], "grant-shares")
    key = bytes(32)
    for share in shares.values():
        key = bytes(a ^ b for a, b in zip(key, share))
    return key


class Chunked:
    """A message of chunked encryption, Cobblestone-256."""

    def __init__(self, key, purpose, label, opening, refusal):
        salt, commitment = opening[:24], opening[24:56]
        context = purpose + cbor.encode([label.document, label.suite])
        info = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\x00" + salt + context
        material = expand(expand(key, purpose), info, 76)
        refuse_if(len(commitment) != 32 or material[44:] != commitment, refusal)
        self.cipher, self.nonce = AESGCM(material[:32]), int.from_bytes(material[32:44], "big")

    def chunk(self, number, stored, refusal):
        try:
            return self.cipher.decrypt((self.nonce ^ number).to_bytes(12, "big"), stored, None)
        except InvalidTag as error:
            raise Refused(refusal) from error

    def whole(self, stored, refusal):
        refuse_if(len(stored) % 16400 < 16, refusal)
        pieces = [stored[at : at + 16400] for at in range(0, len(stored), 16400)]
        return b"".join(self.chunk(n, piece, refusal) for n, piece in enumerate(pieces))
