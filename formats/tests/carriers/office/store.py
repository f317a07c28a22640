"""Opens each file given in LibreOffice and tries to save it in place; says `NAME refused` or `NAME stored`.

usage: store.py PROFILE FILE..., where PROFILE is a folder that is the suite's alone; its name is also the pipe's.
"""

import subprocess
import sys
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.io import IOException
from com.sun.star.lang import DisposedException

profile, names = sys.argv[1], sys.argv[2:]
pipe = "pipe,name=" + profile.strip("/").replace("/", "-")
suite = subprocess.Popen(
    ["soffice", "-env:UserInstallation=file://" + profile, "--headless", "--norestore", f"--accept={pipe};urp;"]
)
local = uno.getComponentContext()
resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)


def connect():
    for _ in range(600):
        if suite.poll() is not None:
            break
        try:
            return resolver.resolve(f"uno:{pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.1)  # the suite is starting
    suite.kill()
    sys.exit("the suite did not start")


context = connect()
desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
hidden = PropertyValue()
hidden.Name = "Hidden"
hidden.Value = True
for name in names:
    document = desktop.loadComponentFromURL("file://" + name, "_blank", 0, (hidden,))
    try:
        document.store()
        print(name, "stored")
    except IOException:
        print(name, "refused" if document.isReadonly() else "failed")
    document.close(True)
sys.stdout.flush()
try:
    desktop.terminate()
except DisposedException:
    pass  # it ended before it could answer
suite.wait()
