"""Who recorded something, as people know each other: by role and sign-in name, not by the number of an account."""

from collections.abc import Sequence

import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine

from admin.telling import EventView
from admin.visit import ROLES
from admin.words import say
from service.auth.accounts import known_as
from service.auth.actor import SYSTEM, Role


async def with_actors(engine: AsyncEngine, events: Sequence[EventView]) -> list[EventView]:
    """The same events with their recorders in words."""
    accounts = await known_as(engine, {event.actor for event in events})
    known = {SYSTEM.id: say(ROLES[Role.SYSTEM])} | {one: f"{say(ROLES[role])} {login}" for one, (role, login) in accounts.items()}
    return [msgspec.structs.replace(event, actor=known.get(event.actor, event.actor)) for event in events]
