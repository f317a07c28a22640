"""Asks a person for a line of text, in a dialog of the office."""

TOOLKIT = "com.sun.star.awt."


def _add(model, kind, name, place, **values):
    control = model.createInstance(TOOLKIT + "UnoControl" + kind + "Model")
    control.PositionX, control.PositionY, control.Width, control.Height = place
    for key, value in values.items():
        setattr(control, key, value)
    model.insertByName(name, control)


def ask(context, title, question, agree, leave):
    """The text given, or None when the person leaves."""
    service = context.ServiceManager.createInstanceWithContext
    model = service(TOOLKIT + "UnoControlDialogModel", context)
    model.Width, model.Height, model.Title = 220, 74, title
    _add(model, "FixedText", "question", (8, 8, 204, 20), Label=question, MultiLine=True)
    _add(model, "Edit", "answer", (8, 32, 204, 14))
    _add(model, "Button", "agree", (98, 54, 54, 14), Label=agree, PushButtonType=1, DefaultButton=True)
    _add(model, "Button", "leave", (158, 54, 54, 14), Label=leave, PushButtonType=2)
    dialog = service(TOOLKIT + "UnoControlDialog", context)
    dialog.setModel(model)
    dialog.createPeer(service(TOOLKIT + "Toolkit", context), None)
    try:
        return dialog.getControl("answer").Text.strip() if dialog.execute() == 1 else None
    finally:
        dialog.dispose()
