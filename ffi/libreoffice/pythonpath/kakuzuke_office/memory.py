"""記憶. The office writes working files whenever it reads or writes a package. They go to memory that is no disk, or nothing is opened."""

import ctypes
import os
import stat
import sys

import uno


MEMORY = ("tmpfs", "ramfs")
VARIABLES = ("TMPDIR", "TMP", "TEMP")


def _kind(folder):
    """The file system a folder lies on."""
    best, kind = "", ""
    with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as mounts:
        for line in mounts:
            fields = line.split()
            place = fields[4].encode("latin-1", "backslashreplace").decode("unicode_escape")
            inside = folder == place or folder.startswith(place.rstrip("/") + "/")
            if inside and len(place) >= len(best):
                best, kind = place, fields[fields.index("-") + 1]
    return kind


def _is_ours(folder):
    """A folder of this user's alone, in memory; symbolic links are none."""
    try:
        found = os.lstat(folder)
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and _kind(os.path.realpath(folder)) in MEMORY


def _made(folder):
    """The folder, made where it is not there, closed to others."""
    try:
        os.mkdir(folder, 0o700)
    except FileExistsError:
        pass
    except OSError:
        return ""
    if not _is_ours(folder):
        return ""
    os.chmod(folder, 0o700)
    return folder


def room():
    """A folder in memory for this user's working files; empty where the system has none."""
    if not sys.platform.startswith("linux"):
        return ""
    login = os.environ.get("XDG_RUNTIME_DIR", "")
    places = [os.path.join(login, "kakuzuke")] if os.path.isabs(login) else []
    places.append(f"/dev/shm/kakuzuke-{os.getuid()}")
    return next(filter(None, map(_made, places)), "")


def _used(context):
    """The folder this office puts its working files into, as it really is."""
    file = context.ServiceManager.createInstanceWithContext("com.sun.star.io.TempFile", context)
    folder = os.path.dirname(uno.fileUrlToSystemPath(file.Uri))
    file.closeInput()
    return folder


def _settings(context):
    return context.getByName("/singletons/com.sun.star.util.thePathSettings")


def keep_out_of_dumps():
    """No picture of this process's memory goes to a disk when it crashes (prctl(2), PR_SET_DUMPABLE)."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)


def prepare(context):
    """Names the folder in memory as the office's own for working files. It holds from the next start on."""
    folder = room()
    if folder and _settings(context).Temp_writable != uno.systemPathToFileUrl(folder):
        _settings(context).Temp_writable = uno.systemPathToFileUrl(folder)


def ready(context):
    """Whether whatever this office writes meanwhile stays in memory."""
    folder = room()
    if not folder:
        return False
    # What asks the system for a folder, such as the import of PDFs.
    for name in VARIABLES:
        if name == "TMPDIR" or name in os.environ:
            os.environ[name] = folder
    return _kind(os.path.realpath(_used(context))) in MEMORY
