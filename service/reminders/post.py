"""One round of a worker: fill the inboxes, begin the digests of the day, hand over what waits."""

import datetime as dt
from collections.abc import Callable

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from service.config import Settings
from service.reminders import outbox
from service.reminders.gather import gather
from service.reminders.hours import is_digest_time, is_quiet
from service.reminders.letter import message
from service.reminders.smtp import PutOff, Refused, hand_over, server_of

AT_ONCE = 50
"""Mails in one round."""
log = structlog.get_logger("branchbook.mail")


async def post(engine: AsyncEngine, settings: Settings, now: dt.datetime, stopping: Callable[[], bool]) -> int:
    """How many mails were handed over. Any number of workers may do it at once."""
    await gather(engine, now, mails=settings.mail_url is not None)
    if settings.mail_url is None or is_quiet(now, settings.mail_quiet):
        return 0
    if is_digest_time(now, settings.mail_digest_at):
        await outbox.begin_digests(engine, now)
    sent = 0
    for _ in range(AT_ONCE):
        claimed = None if stopping() else await outbox.claim(engine, now)
        if claimed is None:
            break
        sent += await _send(engine, settings, claimed, now)
    return sent


async def _send(engine: AsyncEngine, settings: Settings, claimed: outbox.Claimed, now: dt.datetime) -> bool:
    assert settings.mail_url is not None
    digest = await outbox.digest_of(engine, claimed)
    if digest is None or not digest.items:
        await outbox.end(engine, claimed, "unwanted" if digest is None else "settled", now)
        return False
    mail = message(digest, sender=settings.mail_from, inbox=f"{settings.address}/admin/inbox", now=now)
    try:
        await hand_over(server_of(settings.mail_url), mail)
    except Refused as refusal:
        log.warning("mail refused", account=claimed.account_id, reason=str(refusal))
        await outbox.end(engine, claimed, "refused", now, str(refusal))
        return False
    except PutOff as reason:
        goes_on = await outbox.put_off(engine, claimed, now, str(reason))
        log.warning("mail put off" if goes_on else "mail given up", account=claimed.account_id, reason=str(reason))
        return False
    await outbox.end(engine, claimed, "sent", now)
    return True
