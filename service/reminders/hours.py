"""When mail may be sent: not in the quiet hours, the digest not before its time. Local time of the branches; pure."""

import datetime as dt

from service.bus import LOCAL

OFF = "off"


def is_quiet(now: dt.datetime, span: str) -> bool:
    """Whether nobody is written to now. `20:00-08:00` goes through midnight; its end belongs to the day."""
    if span == OFF:
        return False
    begins, ends = (dt.time.fromisoformat(part) for part in span.split("-"))
    time = now.astimezone(LOCAL).time()
    return begins <= time < ends if begins <= ends else time >= begins or time < ends


def is_digest_time(now: dt.datetime, digest_at: str) -> bool:
    """Whether today's digest may be begun."""
    return now.astimezone(LOCAL).time() >= dt.time.fromisoformat(digest_at)
