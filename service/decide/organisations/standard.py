"""The standard pack: a version is published once its bytes are kept; it holds for the committee and every branch below."""

import datetime as dt
from typing import Annotated, ClassVar

from events.base import Event, LongText, Text
from events.organisations import StandardPublished
from service.auth.rights import Right
from service.decide.base import Case, Context, Fold, Outcome, label, own
from service.decide.documents.state import Deposited
from service.decide.roster import ROSTER, Roster, must_exist
from service.errors import Conflict, Malformed

Publications = tuple[StandardPublished, ...]


class PublishStandard(Deposited, frozen=True, kw_only=True, tag="publish-standard"):
    """A version of the standard holds from now on. What it asks for begins on `effective_from`; what is over stays as it was."""

    zh: ClassVar[str] = "发布标准包"
    en: ClassVar[str] = "Publish a standard pack"

    version: Annotated[Text, label("版本", "Version", pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]{0,39}$(?!\n)")]
    effective_from: Annotated[dt.date, label("生效日期", "Effective from")]
    reason: Annotated[LongText, label("依据", "Ground")]


def evolve(published: Publications, event: Event) -> Publications:
    assert isinstance(event, StandardPublished), "the stream `standard` holds nothing else"
    return (*published, event)


STANDARD = Fold[Publications](name="standard", book=own, stream=lambda _command: "standard", initial=(), evolve=evolve)


def publish_standard(command: PublishStandard, context: Context, roster: Roster, published: Publications) -> Outcome:
    """By the top committee only; a version has one content for ever, and none takes effect in the past."""
    must_exist(roster, context)
    if context.committee_id != context.org_id:
        raise Conflict("only the top committee publishes the standard")
    if published and published[-1].sha256 == command.sha256:
        return []
    if any(one.version == command.version for one in published):
        raise Conflict(f"version {command.version} is published already, with other files")
    if not command.sha256 or command.effective_from < context.today:
        raise Malformed("effective_from: a version takes effect today at the earliest")
    return [
        StandardPublished(
            occurred_on=command.occurred_on,
            version=command.version,
            sha256=command.sha256,
            size=command.size,
            effective_from=command.effective_from,
            reason=command.reason,
        )
    ]


CASES = (Case(command=PublishStandard, right=Right.SYSTEM_WRITE, reads=(ROSTER, STANDARD), decide=publish_standard),)
