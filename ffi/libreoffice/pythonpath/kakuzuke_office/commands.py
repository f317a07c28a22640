"""The extension's own commands, by their addresses `jp.kakuzuke.office:NAME`: from the bars, the menu, or a program."""

import unohelper
import uno
from com.sun.star.frame import FeatureStateEvent, XDispatch, XDispatchProvider
from com.sun.star.lang import XInitialization

from . import asking, bar, facts, finding, later, opened, protecting, refused, screen, words
from .library import COPY, EDIT, EXPORT, PRINT, VIEW, Refusal
from .properties import read

PROTOCOL = bar.COMMAND
# Rights by the name a command gives them.
RIGHTS = {"view": VIEW, "print": PRINT, "copy": COPY, "edit": EDIT, "export": EXPORT}


class Commands(unohelper.Base, XDispatchProvider, XDispatch, XInitialization):
    """The commands of one window."""

    def __init__(self, context):
        self._context = context
        self._frame = None
        self._known = {"why": self._why, "again": self._again, "request": self._request}
        self._known.update(protect=self._protect, label=self._label)

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

    def _protect(self, given):
        """格付と保護. What is protected already says so."""
        model = self._model()
        if opened.of(model) or refused.of(model):
            self._tell("already", "")
        elif model:
            protecting.Protecting(self._context, self._frame, self._later).run(given)

    def _label(self, _given):
        """格付を見る."""
        model, language = self._model(), words.language(self._context)
        one, shown = opened.of(model), refused.of(model)
        try:
            if one:
                title, text = facts.of_protected(one, language)
            elif shown:
                title, text = words.say("why", language), words.refusal(shown.refusal, language)
            else:
                title, text = facts.of_clear(finding.session(self._context), model, language)
        except Refusal as refusal:
            title, text = words.say("no-label", language), words.refusal(refusal, language)
        bar.inform(self._frame.Controller, title, text)

    def _tell(self, key, text):
        bar.tell(self._frame.Controller, words.say(key, words.language(self._context)), text)

    def _request(self, given):
        """申請, for what was refused or what is off. Right and reason come with the command, or the person is asked."""
        model = self._model()
        one, shown = opened.of(model), refused.of(model)
        if shown and shown.refusal.right:
            self._apply(shown.path, [shown.refusal.right], given)
        elif one and one.lacking():
            self._apply(one.path, one.lacking(), given)
        else:
            self._tell("nothing-to-request", "")

    def _apply(self, path, rights, given):
        language = words.language(self._context)
        right, reason = self._asked(rights, given, language)
        if not reason:
            return
        try:
            number = finding.session(self._context).request(path, right, reason)
        except Refusal as refusal:
            self._tell("request-failed", words.refusal(refusal, language))
        else:
            bar.inform(self._frame.Controller, words.say("requested", language, number=number), "")

    def _asked(self, rights, given, language):
        """The right and the reason; without a screen only what came with the command."""
        if "Reason" in given:
            return RIGHTS.get(given.get("Right", ""), rights[0]), given["Reason"]
        if not screen.is_there():
            self._tell("no-screen", "")
            return 0, ""
        texts = [words.say(key, language) for key in ("request", "request-reason", "request-send", "leave")]
        if len(rights) == 1:
            return rights[0], asking.ask(self._context, *texts)
        names = [words.right(right, language) for right in rights]
        answer = asking.ask_which(self._context, texts[0], texts[1], names, *texts[2:])
        return (rights[answer[0]], answer[1]) if answer else (0, "")

    def _reopen(self, path, frame):
        desktop = self._context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", self._context)
        model = desktop.loadComponentFromURL(uno.systemPathToFileUrl(path), "_blank", 0, ())
        if model is not None:
            frame.close(True)

    def _later(self, what):
        later.later(self._context, what)
