"""The extension's own commands, by their addresses `jp.kakuzuke.office:NAME`: from the bars, the menu, or a program."""

import unohelper
import uno
from com.sun.star.awt import XCallback
from com.sun.star.frame import FeatureStateEvent, XDispatch, XDispatchProvider
from com.sun.star.lang import XInitialization

from . import asking, bar, finding, opened, refused, words
from .library import Refusal
from .properties import read

PROTOCOL = bar.COMMAND


class Later(unohelper.Base, XCallback):
    """Something done from the office's main loop, when the command itself is over."""

    def __init__(self, what):
        self._what = what

    def notify(self, _data):
        self._what()


class Commands(unohelper.Base, XDispatchProvider, XDispatch, XInitialization):
    """The commands of one window."""

    def __init__(self, context):
        self._context = context
        self._frame = None
        self._known = {"why": self._why, "again": self._again, "request": self._request}

    def initialize(self, arguments):
        self._frame = arguments[0] if arguments else None

    def queryDispatch(self, url, _target, _flags):
        return self if self._frame and self._named(url) else None

    def queryDispatches(self, requests):
        return tuple(self.queryDispatch(one.FeatureURL, one.FrameName, one.SearchFlags) for one in requests)

    def _named(self, url):
        if not url.Complete.startswith(PROTOCOL):
            return None
        return self._known.get(url.Complete[len(PROTOCOL) :].partition("?")[0])

    def dispatch(self, url, arguments):
        command = self._named(url)
        if command:
            command(read(arguments))

    def addStatusListener(self, listener, url):
        state = FeatureStateEvent()
        state.FeatureURL, state.IsEnabled, state.Requery, state.Source = url, True, False, self
        listener.statusChanged(state)

    def removeStatusListener(self, _listener, _url):
        pass

    def _model(self):
        return self._frame.Controller.Model if self._frame.Controller else None

    def _why(self, _given):
        """できない操作と理由."""
        one = opened.of(self._model())
        if one:
            language = words.language(self._context)
            bar.tell(self._frame.Controller, words.say("why", language), one.reasons(language))

    def _again(self, _given):
        """Opens anew what was refused; its cover goes when there is something else to see."""
        shown = refused.of(self._model())
        if shown:
            frame = self._frame
            self._later(lambda: self._reopen(shown.path, frame))

    def _request(self, given):
        """申請. The reason comes with the command, or the person is asked for it."""
        shown, language = refused.of(self._model()), words.language(self._context)
        if not shown or not shown.refusal.right:
            return
        asked = [words.say(key, language) for key in ("request", "request-reason", "request-send", "leave")]
        reason = given["Reason"] if "Reason" in given else asking.ask(self._context, *asked)
        if not reason:
            return
        try:
            number = finding.session(self._context).request(shown.path, shown.refusal.right, reason)
        except Refusal as refusal:
            bar.tell(self._frame.Controller, words.say("request-failed", language), words.refusal(refusal, language))
        else:
            bar.tell(self._frame.Controller, words.say("requested", language, number=number), "")

    def _reopen(self, path, frame):
        desktop = self._context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", self._context)
        model = desktop.loadComponentFromURL(uno.systemPathToFileUrl(path), "_blank", 0, ())
        if model is not None:
            frame.close(True)

    def _later(self, what):
        name = "com.sun.star.awt.AsyncCallback"
        self._context.ServiceManager.createInstanceWithContext(name, self._context).addCallback(Later(what), None)
