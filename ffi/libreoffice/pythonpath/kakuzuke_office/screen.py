"""Whether somebody sits before this office: without a screen nothing is ever asked."""

import os
import sys

UNSEEN = {"headless", "invisible", "convert-to", "cat", "print-to-file", "pt", "p"}


def is_there():
    """Whether a dialog would be seen and could be answered."""
    if not sys.platform.startswith("linux"):
        return True
    if os.environ.get("SAL_USE_VCLPLUGIN") == "svp" or not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return False
    try:
        with open("/proc/self/cmdline", "rb") as line:
            given = line.read().decode("utf-8", "replace").split("\0")
    except OSError:
        return False
    return not any(one.startswith("-") and one.lstrip("-") in UNSEEN for one in given)
