"""The office starts: its working files are to go to memory before anything is opened, and it is known who saves."""

import unohelper
from com.sun.star.task import XJob

from . import busy, memory


class Start(unohelper.Base, XJob):
    """Called once in each run of the office."""

    def __init__(self, context):
        self._context = context

    def execute(self, _arguments):
        memory.prepare(self._context)
        busy.begin(self._context)
