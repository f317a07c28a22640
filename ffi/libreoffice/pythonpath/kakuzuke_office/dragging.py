"""引きずる. The office's own lock keeps the text of a letter from being dragged into another window, but neither cells nor slides: where
copying is not permitted, they can't be taken hold of."""

import unohelper
from com.sun.star.awt import XEnhancedMouseClickHandler
from com.sun.star.drawing.framework import XConfigurationChangeListener

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
        if self._one.may(COPY):
            return True
        lies_on_it = hasattr(event.Target, "ShapeType")
        marked = event.Target if lies_on_it else self._one.model.createInstance("com.sun.star.sheet.SheetCellRanges")
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
    if hasattr(controller, "getConfigurationController"):
        controller.getConfigurationController().addConfigurationChangeListener(Slides(one, controller), ACTIVATED, None)
        # From the main loop, which arranges the panes: a program loads from a thread of its own.
        later.later(one.context, lambda: hide(one, controller))


def hide(one, controller):
    """The pane of slides is not there without the right to copy."""
    if one.may(COPY) or not hasattr(controller, "getConfigurationController"):
        return
    services, configuration = one.context.ServiceManager, controller.getConfigurationController()
    for pane in PANES:
        name = "com.sun.star.drawing.framework.ResourceId"
        resource = services.createInstanceWithArgumentsAndContext(name, (RESOURCE + pane,), one.context)
        configuration.requestResourceDeactivation(resource)
