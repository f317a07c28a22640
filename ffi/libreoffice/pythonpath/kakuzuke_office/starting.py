"""The office starts: its working files are to go to memory before anything is opened, it is known who saves, and what is opened
within documents."""

import unohelper
from com.sun.star.task import XJob

from . import busy, memory, within


class Start(unohelper.Base, XJob):
    """Called once in each run of the office."""

    def __init__(self, context):
        self._context = context

    def execute(self, _arguments):
        memory.prepare(self._context)
        busy.begin(self._context)
        within.begin(self._context)
