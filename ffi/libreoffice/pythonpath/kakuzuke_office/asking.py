"""Asks a person: a line of text, a passphrase, a right, a label, in dialogs of the office."""

TOOLKIT = "com.sun.star.awt."
AGREED = 1
HIDDEN = ord("●")


class Dialog:
    """A dialog that is put together piece by piece, places in the office's own units."""

    def __init__(self, context, title, width, height):
        self._context = context
        self._model = self._service("UnoControlDialogModel")
        self._model.Width, self._model.Height, self._model.Title = width, height, title
        self._dialog = None

    def _service(self, name):
        return self._context.ServiceManager.createInstanceWithContext(TOOLKIT + name, self._context)

    def add(self, kind, name, place, **values):
        """A control by its kind, at (x, y, width, height)."""
        control = self._model.createInstance(TOOLKIT + "UnoControl" + kind + "Model")
        control.PositionX, control.PositionY, control.Width, control.Height = place
        for key, value in values.items():
            setattr(control, key, value)
        self._model.insertByName(name, control)

    def text(self, name, place, label):
        self.add("FixedText", name, place, Label=label, MultiLine=True)

    def choice(self, name, place, items, chosen):
        """One of several."""
        self.add("ListBox", name, place, Dropdown=True, StringItemList=tuple(items), SelectedItems=(chosen,), LineCount=8)

    def buttons(self, agree, leave):
        """Agree and leave, at the lower right. Enter agrees, Escape leaves."""
        right, low = self._model.Width - 8, self._model.Height - 20
        self.add("Button", "agree", (right - 134, low, 70, 14), Label=agree, PushButtonType=1, DefaultButton=True)
        self.add("Button", "leave", (right - 58, low, 58, 14), Label=leave, PushButtonType=2)

    def agreed(self):
        """Shows it until it is answered; whether the person agrees."""
        self._dialog = self._service("UnoControlDialog")
        self._dialog.setModel(self._model)
        self._dialog.createPeer(self._service("Toolkit"), None)
        return self._dialog.execute() == AGREED

    def written(self, name):
        return self._dialog.getControl(name).Text.strip()

    def chosen(self, name):
        return self._dialog.getControl(name).SelectedItemPos

    def end(self):
        if self._dialog:
            self._dialog.dispose()


def ask(context, title, question, agree, leave, hidden=False):
    """The text given, or None when the person leaves."""
    dialog = Dialog(context, title, 220, 74)
    dialog.text("question", (8, 8, 204, 20), question)
    dialog.add("Edit", "answer", (8, 32, 204, 14), **({"EchoChar": HIDDEN} if hidden else {}))
    dialog.buttons(agree, leave)
    try:
        return dialog.written("answer") if dialog.agreed() else None
    finally:
        dialog.end()


def ask_which(context, title, question, items, agree, leave):
    """One of several and a reason: (its number, the text), or None when the person leaves."""
    dialog = Dialog(context, title, 220, 92)
    dialog.choice("which", (8, 8, 204, 14), items, 0)
    dialog.text("question", (8, 28, 204, 18), question)
    dialog.add("Edit", "answer", (8, 48, 204, 14))
    dialog.buttons(agree, leave)
    try:
        return (dialog.chosen("which"), dialog.written("answer")) if dialog.agreed() else None
    finally:
        dialog.end()
