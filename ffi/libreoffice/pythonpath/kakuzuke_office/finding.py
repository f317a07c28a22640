"""Where libkakuzuke lies: beside the extension, where the configuration says, or where the loader looks.

Never the folder of a document and never the working folder: what is loaded is code.
"""

import os
import sys

import uno

from . import asking, screen, words
from .library import ENGLISH, JAPANESE, Library, Refusal

EXTENSION = "jp.kakuzuke.office"
NAMES = {"win32": "kakuzuke.dll", "darwin": "libkakuzuke.dylib"}
NAME = NAMES.get(sys.platform, "libkakuzuke.so")

_found = {}


def configured(context, name):
    """A value of the extension's own configuration; empty when nobody set it."""
    provider = context.ServiceManager.createInstanceWithContext("com.sun.star.configuration.ConfigurationProvider", context)
    node = uno.createUnoStruct("com.sun.star.beans.NamedValue", "nodepath", "/jp.kakuzuke.Office/Settings")
    access = provider.createInstanceWithArguments("com.sun.star.configuration.ConfigurationAccess", (node,))
    return access.getByName(name) or ""


def _beside(context):
    """The folder the extension was unpacked to."""
    information = context.getByName("/singletons/com.sun.star.deployment.PackageInformationProvider")
    location = information.getPackageLocation(EXTENSION)
    return uno.fileUrlToSystemPath(location) if location else ""


def _places(context):
    folder = _beside(context)
    if folder:
        yield os.path.join(folder, NAME), True
    path = configured(context, "Library")
    if os.path.isabs(path):
        yield path, True
    yield NAME, False


def library(context):
    """The library, loaded once."""
    if "library" in _found:
        return _found["library"]
    tried = []
    for path, is_file in _places(context):
        if is_file and not os.path.isfile(path):
            continue
        try:
            _found["library"] = Library(path)
            return _found["library"]
        except (OSError, AttributeError) as fault:
            tried.append(str(fault))
    messages = {language: words.say("no-library", language) for language in (JAPANESE, ENGLISH)}
    raise Refusal(0, "no-library", messages, remedies=("\n".join(tried),) * 2)


def _asks(context):
    """Who gives a passphrase: the person before the screen. With none, or with KAKUZUKE_PASSPHRASE, the library sees for itself."""
    if os.environ.get("KAKUZUKE_PASSPHRASE") or not screen.is_there():
        return None
    language = words.language(context)
    asked = [words.say(key, language) for key in ("passphrase-title", "passphrase", "passphrase-give", "leave")]
    return lambda: asking.ask(context, *asked, hidden=True)


def session(context):
    """The officer's session, opened once; a failed opening is tried again the next time."""
    if "session" not in _found:
        _found["session"] = library(context).session(configured(context, "Profile") or None, _asks(context))
    return _found["session"]
