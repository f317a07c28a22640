"""The office starts: its working files are to go to memory before anything is opened."""

import unohelper
from com.sun.star.task import XJob

from . import memory


class Start(unohelper.Base, XJob):
    """Called once in each run of the office."""

    def __init__(self, context):
        self._context = context

    def execute(self, _arguments):
        memory.prepare(self._context)
