"""What is disclosed, over HTTP: for whom the session is, by the audience of each item. What is for society is also on the public site."""

import datetime as dt
from typing import Annotated

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from events.base import OrgId
from events.disclosure import DisclosureSubject
from projections.shapes import AsOf, Disclosed, DisclosedItem, Readers
from service.api.access import readers_of, scope_of
from service.api.reads import FAILURES, AfterText, Ask, Limit, views_of
from service.auth.actor import Actor
from service.auth.policy import entitle
from service.auth.rights import Right
from service.bus import LOCAL
from service.errors import Malformed

Subject = Annotated[DisclosureSubject | None, QueryParameter(name="subject", description="Only of this topic")]
Words = Annotated[str, QueryParameter(name="q", max_length=60, description="Words that stand in title, text, entry or name of the branch")]
On = Annotated[dt.date | None, QueryParameter(name="on", description="As it was shown on this day, as far as it is still open")]


class Disclosures(msgspec.Struct, frozen=True, kw_only=True):
    """Newest publication first; `next` is the cursor."""

    items: list[DisclosedItem]
    as_of: AsOf
    next: str | None


@get(
    "/orgs/{org_id:str}/disclosures",
    operation_id="list-disclosures",
    tags=["openness"],
    opt={"right": Right.DISCLOSURE_READ},
    responses=FAILURES,
)
async def list_disclosures(
    request: Ask,
    org_id: FromPath[str],
    actor: NamedDependency[Actor],
    subject: Subject = None,
    words: Words = "",
    on: On = None,
    after: AfterText = None,
    limit: Limit = 50,
) -> Disclosures:
    """What one organisation discloses to your eyes."""
    scope_of(actor, Right.DISCLOSURE_READ, OrgId(org_id))
    return await _page(request, actor, OrgId(org_id), subject, words, on, after, limit)


@get("/disclosures", operation_id="list-all-disclosures", tags=["openness"], opt={"right": Right.DISCLOSURE_READ}, responses=FAILURES)
async def list_all_disclosures(
    request: Ask,
    actor: NamedDependency[Actor],
    subject: Subject = None,
    words: Words = "",
    on: On = None,
    after: AfterText = None,
    limit: Limit = 50,
) -> Disclosures:
    """What all organisations disclose to your eyes: also that of others which is for the whole Party."""
    entitle(actor, Right.DISCLOSURE_READ)
    return await _page(request, actor, None, subject, words, on, after, limit)


async def _page(
    request: Ask,
    actor: Actor,
    org: OrgId | None,
    subject: DisclosureSubject | None,
    words: str,
    on: dt.date | None,
    after: str | None,
    limit: int,
) -> Disclosures:
    views, today = views_of(request), dt.datetime.now(LOCAL).date()
    as_of = await views.position()
    items, following = await views.disclosure.page(
        await _eyes(request, actor),
        today,
        org_id=org,
        subject=None if subject is None else subject.value,
        words="".join(filter(str.isprintable, words)),
        after=after or "",
        limit=limit,
        on=_past(on, today),
    )
    return Disclosures(items=items, as_of=as_of, next=following or None)


@get(
    "/orgs/{org_id:str}/disclosures/{item_id:str}",
    operation_id="read-disclosure",
    tags=["openness"],
    opt={"right": Right.DISCLOSURE_READ},
    responses=FAILURES,
)
async def read_disclosure(
    request: Ask, org_id: FromPath[str], item_id: FromPath[str], actor: NamedDependency[Actor], on: On = None
) -> Disclosed:
    """One item with its versions and the answers to what readers said. What is for other eyes, or over, is absent."""
    scope_of(actor, Right.DISCLOSURE_READ, OrgId(org_id))
    today = dt.datetime.now(LOCAL).date()
    item = "".join(filter(str.isprintable, item_id))
    return await views_of(request).disclosure.one(await _eyes(request, actor), today, OrgId(org_id), item, on=_past(on, today))


async def _eyes(request: Ask, actor: Actor) -> Readers:
    return readers_of(actor, await views_of(request).disclosure.above(actor.organisation_id))


def _past(on: dt.date | None, today: dt.date) -> dt.date | None:
    if on is not None and on > today:
        raise Malformed("on lies ahead")
    return on


HANDLERS = [list_disclosures, list_all_disclosures, read_disclosure]
