"""最近使ったファイル. What the office remembers of a document from when it was in clear: its picture, which shows content."""

import uno
from com.sun.star.uno import Exception as UnoException

ITEMS = "/org.openoffice.Office.Histories/Histories/org.openoffice.Office.Histories:HistoryInfo['PickList']/ItemList"


def forget(context, url):
    """Takes the picture of a file's first page out of the list."""
    provider = context.ServiceManager.createInstanceWithContext("com.sun.star.configuration.ConfigurationProvider", context)
    node = uno.createUnoStruct("com.sun.star.beans.NamedValue", "nodepath", ITEMS)
    try:
        items = provider.createInstanceWithArguments("com.sun.star.configuration.ConfigurationUpdateAccess", (node,))
        if items.hasByName(url):
            items.getByName(url).setPropertyValue("Thumbnail", "")
            items.commitChanges()
    except UnoException:
        pass  # an office without such a list remembers nothing
