"""What LibreOffice loads: the extension's services, by name. Its rooms are in pythonpath/kakuzuke_office."""

import unohelper

from kakuzuke_office import commands, loading, starting

g_ImplementationHelper = unohelper.ImplementationHelper()
g_ImplementationHelper.addImplementation(
    loading.Detector, "jp.kakuzuke.office.Detector", ("com.sun.star.document.ExtendedTypeDetection",)
)
g_ImplementationHelper.addImplementation(
    loading.Loader, "jp.kakuzuke.office.Loader", ("com.sun.star.frame.SynchronousFrameLoader",)
)
g_ImplementationHelper.addImplementation(starting.Start, "jp.kakuzuke.office.Start", ("com.sun.star.task.Job",))
g_ImplementationHelper.addImplementation(commands.Commands, "jp.kakuzuke.office.Commands", ("com.sun.star.frame.ProtocolHandler",))
