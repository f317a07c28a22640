"""格付. Opens, shows and saves documents protected by Kakuzuke inside LibreOffice.

Each module is one room: `library` speaks to libkakuzuke, `finding` finds it, `cover` knows covers, `stream` hands content to the
office, `memory` keeps its working files off the disk, `loading` opens, `opened` knows what is open, `rights` switches off, `bar`
shows, `saving` protects what was edited, `protecting` what is new, after
`deciding`, `facts` tells what holds, `history` forgets, `screen` and `later` say when to ask, `commands` is the menu, `asking` the dialogs, `words` what people read.
"""
