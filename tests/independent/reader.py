"""A second reader of the envelope, written from docs/envelope.md alone.

    python reader.py FOLDER VECTOR...

reads each vector (FOLDER/VECTOR.json, see tests/vectors/README.md) and prints one line for each: its name, a tab, and
what came out as JSON: {"refused": "…"} or {"accepted": {…}}.
"""

import json
import sys
from hashlib import sha256
from pathlib import Path

from content import Opened, verify_detached
from head import Head, Label, verify_countersignature
from keys import document_key
from refusal import Refused, refuse_if


def describe(label, signer, **more):
    told = {
        "document": label.document.hex(),
        "lineage": label.lineage.hex(),
        "revision": label.revision,
        "label_hash": label.hash.hex(),
        "grades": list(label.grades.values()),
        "signer": f"urn:kakuzuke:{signer.kind}:{signer.name}",
    }
    told.update((name, value) for name, value in more.items() if value is not None)
    return told


def open_envelope(vector, data, roots, time):
    head = Head(data)
    signer = head.label.verify(roots, time)
    refuse_if(any(g[2] < vector.get("minimum_suite", 1) for g in head.grants), "grant-below-minimum")
    licence = key = None
    if "licence" in vector:
        says = vector["licence"]
        root = bytes.fromhex(says["root"]) if "root" in says else None
        licence = Label(bytes.fromhex(says["label_section"])), root
        if "key" in says:
            key = bytes.fromhex(says["key"])
        elif head.label.suite:
            held = {
                (bytes.fromhex(k["authority"]), bytes.fromhex(k["key"])): (
                    bytes.fromhex(k["private"]),
                    bytes.fromhex(k["secret"]),
                )
                for k in vector.get("keys", [])
            }
            key = document_key(head.label, head.grants, held)
    opened = Opened(data, head, licence, key, roots, time)
    return describe(
        head.label,
        signer,
        label_is_current=opened.current,
        name=opened.metadata.name,
        media_type=opened.metadata.media_type,
        title=opened.metadata.title,
        length=len(opened.content),
        content=sha256(opened.content).hexdigest(),
        root=opened.trailer.root.hex() if opened.trailer else None,
    )


def detached(vector, data, roots, time, native):
    head = Head(data)
    signer = head.label.verify(roots, time)
    root = verify_detached(data, head, native, roots, time)
    content = sha256(native).hexdigest()
    return describe(head.label, signer, length=len(native), content=content, root=root.hex())


def label_alone(vector, data, roots, time):
    label = Label(data)
    return describe(label, label.verify(roots, time))


def revision(vector, data, roots, time):
    current, label = Label(bytes.fromhex(vector["current"])), Label(data)
    signer = label.verify(roots, time)
    label.follows(current)
    return describe(label, signer)


def countersignature(vector, data, roots, time):
    head = Head(data)
    signer = head.label.verify(roots, time)
    for record in head.evidence:
        if record[0] == 2:
            verify_countersignature(record[1], head.label, roots, time)
    return describe(head.label, signer)


def read(folder, name):
    vector = json.loads((folder / f"{name}.json").read_text("utf-8"))
    data = (folder / vector["file"]).read_bytes()
    roots = [(folder / anchor).read_bytes() for anchor in vector["anchors"]]
    operations = {
        "open": open_envelope,
        "label": label_alone,
        "revision": revision,
        "countersignature": countersignature,
    }
    try:
        if vector["operation"] == "detached":
            native = (folder / vector["native"]).read_bytes()
            return {"accepted": detached(vector, data, roots, vector["at"], native)}
        return {"accepted": operations[vector["operation"]](vector, data, roots, vector["at"])}
    except Refused as refusal:
        return {"refused": str(refusal)}


def main():
    folder = Path(sys.argv[1])
    for name in sys.argv[2:]:
        print(f"{name}\t{json.dumps(read(folder, name), ensure_ascii=True)}", flush=True)


if __name__ == "__main__":
    main()
