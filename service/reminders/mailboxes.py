"""Where a person gets mail: set by that person."""

import re

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from service.errors import Malformed
from service.reminders.tables import mailbox

ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+", re.ASCII)
ADDRESS_MAX = 254
LANGUAGES = ("zh", "en")


class Mailbox(msgspec.Struct, frozen=True, kw_only=True):
    """Address, language, and whether mail is wanted."""

    address: str = ""
    language: str = "zh"
    wanted: bool = False


async def mailbox_of(engine: AsyncEngine, account_id: str) -> Mailbox:
    """Without an address for whoever never gave one."""
    query = sa.select(mailbox.c.address, mailbox.c.language, mailbox.c.wanted).where(mailbox.c.account_id == account_id)
    async with engine.connect() as connection:
        row = (await connection.execute(query)).first()
    return Mailbox() if row is None else Mailbox(address=row.address, language=row.language, wanted=row.wanted)


async def set_mailbox(engine: AsyncEngine, account_id: str, box: Mailbox) -> None:
    """Raises `Malformed` for an address that no mail could reach. Wanting no mail needs no address."""
    fits = len(box.address) <= ADDRESS_MAX and ADDRESS.fullmatch(box.address)
    if (box.wanted or box.address) and not fits:
        raise Malformed("address")
    if box.language not in LANGUAGES:
        raise Malformed("language")
    values = {"address": box.address, "language": box.language, "wanted": box.wanted}
    statement = insert(mailbox).values(account_id=account_id, **values)
    async with engine.begin() as connection:
        await connection.execute(statement.on_conflict_do_update(index_elements=[mailbox.c.account_id], set_=values))
