"""引きずる. The office's own lock keeps the text of a letter from being dragged into another window, but neither cells nor sheets nor
slides: where copying is not permitted, they can't be taken hold of."""

import contextlib

import unohelper
from com.sun.star.awt import XEnhancedMouseClickHandler
from com.sun.star.drawing.framework import XConfigurationChangeListener
from com.sun.star.lang import DisposedException

from . import later
from .library import COPY

RESOURCE = "private:resource/"
PANES = ("pane/LeftImpressPane", "pane/LeftDrawPane")
SORTER = RESOURCE + "view/SlideSorter"
ACTIVATED = "ResourceActivation"


class Cells(unohelper.Base, XEnhancedMouseClickHandler):
    """Where a person presses the mouse, nothing is marked any more: dragging marks anew. What lies on a sheet is marked and stays."""

    def __init__(self, one, controller):
        self._one, self._controller = one, controller

    def mousePressed(self, event):
        try:
            return self._press(event)
        except Exception:  # the office would forget a handler that fails, and let the press through
            return False

    def _press(self, event):
        if self._one.may(COPY):
            return True
        lies_on_it = hasattr(event.Target, "ShapeType")
        # Of the document in this window, which may be one within another.
        ranges = "com.sun.star.sheet.SheetCellRanges"
        marked = event.Target if lies_on_it else self._controller.Model.createInstance(ranges)
        self._controller.select(marked)
        return not lies_on_it

    def mouseReleased(self, _event):
        return True

    def disposing(self, _source):
        pass


class Slides(unohelper.Base, XConfigurationChangeListener):
    """The pane they are dragged out of goes as soon as it comes."""

    def __init__(self, one, controller):
        self._one, self._controller = one, controller

    def notifyConfigurationChange(self, event):
        if event.ResourceId and event.ResourceId.getResourceURL() == SORTER:
            hide(self._one, self._controller)

    def disposing(self, _source):
        pass


def begin(one, controller):
    """Looks after one window."""
    if hasattr(controller, "addEnhancedMouseClickHandler"):
        controller.addEnhancedMouseClickHandler(Cells(one, controller))
        hide(one, controller)
    if hasattr(controller, "getConfigurationController"):
        controller.getConfigurationController().addConfigurationChangeListener(Slides(one, controller), ACTIVATED, None)
        # From the main loop, which arranges the panes: a program loads from a thread of its own.
        later.later(one.context, lambda: hide(one, controller))


@contextlib.contextmanager
def tabs_as_they_were(one):
    """Whether a workbook shows its tabs is written with it: what was taken away here is not taken from others."""
    tabless, one.tabless = one.tabless, []
    for controller in tabless:
        try:
            controller.HasSheetTabs = True
        except DisposedException:  # its window was closed
            pass
    try:
        yield
    finally:
        for controller in tabless:
            try:
                hide(one, controller)
            except DisposedException:
                pass


def hide(one, controller):
    """Neither the tabs of sheets nor the pane of slides is there without the right to copy."""
    if one.may(COPY):
        return
    if getattr(controller, "HasSheetTabs", False):
        one.tabless.append(controller)
        controller.HasSheetTabs = False
    if not hasattr(controller, "getConfigurationController"):
        return
    services, configuration = one.context.ServiceManager, controller.getConfigurationController()
    for pane in PANES:
        name = "com.sun.star.drawing.framework.ResourceId"
        resource = services.createInstanceWithArgumentsAndContext(name, (RESOURCE + pane,), one.context)
        configuration.requestResourceDeactivation(resource)
