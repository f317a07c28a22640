"""Refusals, by their names in section 10 of the specification."""


class Refused(Exception):
    pass


def refuse_if(wrong, name):
    if wrong:
        raise Refused(name)
