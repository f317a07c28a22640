"""利用許可の見張り. A licence ends while its document is on the screen: it is renewed in time, and where it can't be, nothing is
shown and nothing may be done until it is there again. What was edited stays in memory meanwhile."""

import threading
import time

from . import later, opened
from .library import VIEW, Refusal

# Seconds between two looks; before a licence's end at which it is renewed; after a refusal until the next attempt.
PAUSE = 5
EARLY = 30
AFTER_REFUSAL = 60

_lock = threading.Lock()
_begun = []


def begin():
    """Looks after whatever is open from now on, in a thread of its own: the server may be slow to answer."""
    with _lock:
        if not _begun:
            _begun.append(threading.Thread(target=_look, name="kakuzuke-licence", daemon=True))
            _begun[0].start()


def _look():
    while True:
        time.sleep(PAUSE)
        for one in opened.all_open():
            try:
                _look_at(one)
            except Exception:  # one that is just being closed; the others are still looked after
                continue


def _look_at(one):
    document, refusal = one.document, None
    due = not document.can(VIEW) or time.time() >= document.expires_at - EARLY
    if due and time.monotonic() >= one.next_attempt:
        try:
            document.renew()
        except Refusal as refused:
            refusal = refused
            one.next_attempt = time.monotonic() + AFTER_REFUSAL
        except ValueError:  # closed meanwhile
            return
    now = (document.can(VIEW), document.label, document.rights)
    if now != one.state or (refusal and not now[0]):
        later.later(one.context, lambda: one.turn(refusal, now))
