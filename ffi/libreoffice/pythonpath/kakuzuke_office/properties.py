"""Properties as the office takes them."""

from com.sun.star.beans import PropertyValue


def named(**values):
    """Named values, as a sequence of properties."""
    return tuple(map(_property, values.items()))


def _property(item):
    one = PropertyValue()
    one.Name, one.Value = item
    return one


def read(properties):
    """Properties as a dictionary."""
    return {one.Name: one.Value for one in properties}
