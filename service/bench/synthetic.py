"""An invented committee for measuring: branches of 22 members with a year of life, as drafts for the store."""

import datetime as dt
import hashlib
import itertools
import uuid
from collections.abc import Iterator

from events.base import Event, GroupId, MeetingId, OrgId, PersonId, ReceiptNo, month_of
from events.dues import DuesReceiptIssued, DuesReceived, EntryId, PayerKind, PaymentKind
from events.meetings import MeetingHeld, MeetingKind
from events.members import MemberRegistered, MemberStatus, Sex
from events.organisations import (
    BranchType,
    CommitteeSeated,
    GroupFormed,
    OrganisationFounded,
    OrgKind,
    Post,
    Seat,
)
from events.store import codec
from events.store.books import Append, Draft
from events.store.keys import Keys

COMMITTEE = OrgId("bench")
MEMBERS = 22
FOUNDED = dt.date(2024, 12, 1)
POSTS = (Post.SECRETARY, Post.DEPUTY, Post.ORGANISATION, Post.PUBLICITY, Post.DISCIPLINE)
KINDS = (MeetingKind.COMMITTEE, MeetingKind.GROUP, MeetingKind.STUDY, MeetingKind.THEME_DAY)
BEGIN_US = int(dt.datetime(2025, 1, 1, tzinfo=dt.UTC).timestamp() * 1_000_000)
DAY_US = 86_400_000_000


def org(number: int) -> OrgId:
    return OrgId(f"bench-{number:04d}")


def people(branch: OrgId) -> list[PersonId]:
    return [PersonId(f"{branch}-{n:02d}") for n in range(MEMBERS)]


def founding(branch: OrgId) -> Iterator[Event]:
    """Founding, two groups, 22 members, a committee of five."""
    yield OrganisationFounded(
        occurred_on=FOUNDED,
        org_id=branch,
        parent_id=COMMITTEE,
        kind=OrgKind.BRANCH,
        name=f"示例党支部 {branch}",
        short_name=branch,
        branch_type=BranchType.ORGAN,
    )
    for group in (1, 2):
        yield GroupFormed(occurred_on=FOUNDED, group_id=group_of(branch, group), name=f"第{group}党小组")
    for n, person in enumerate(people(branch)):
        yield MemberRegistered(
            occurred_on=FOUNDED,
            joined_on=FOUNDED,
            person_id=person,
            name=f"示例{n:02d}",
            sex=Sex.FEMALE if n % 10 < 3 else Sex.MALE,
            nationality="01",
            born_month="1980-05",
            education="21",
            status=MemberStatus.FULL,
            admitted_on=dt.date(2005, 7, 1),
            full_on=dt.date(2006, 7, 1),
            group_id=group_of(branch, 1 + n % 2),
        )
    seats = tuple(Seat(person_id=person, post=post) for person, post in zip(people(branch), POSTS, strict=False))
    yield CommitteeSeated(occurred_on=FOUNDED, term=1, term_ends_on=dt.date(2027, 12, 1), approval_no="示例", seats=seats)


def group_of(branch: OrgId, number: int) -> GroupId:
    return GroupId(f"{branch}-g{number}")


def month_of_life(branch: OrgId, month: dt.date) -> Iterator[Event]:
    """Everybody pays and gets a receipt; committee, group, study and theme day meet."""
    members = people(branch)
    for n, person in enumerate(members):
        entry = EntryId(f"{branch}-{month:%Y%m}-{n:02d}")
        day = month.replace(day=5 + n % 20)
        yield DuesReceived(
            occurred_on=day,
            entry_id=entry,
            person_id=person,
            month=month_of(month),
            amount_fen=4500 + n,
            kind=PaymentKind.REGULAR,
            payer=PayerKind.SELF,
            collector=members[2],
        )
        yield DuesReceiptIssued(
            occurred_on=day,
            org_id=branch,
            receipt_no=ReceiptNo(entry),
            entry_id=entry,
            person_id=person,
            month=month_of(month),
            amount_fen=4500 + n,
        )
    for n, kind in enumerate(KINDS):
        due = tuple(members[:5]) if kind is MeetingKind.COMMITTEE else tuple(members[:11] if kind is MeetingKind.GROUP else members)
        yield MeetingHeld(
            occurred_on=month.replace(day=10 + n),
            meeting_id=MeetingId(f"{branch}-{month:%Y%m}-{kind}"),
            kind=kind,
            topic="学习文件、研究工作",
            chair=members[0],
            recorder=members[2],
            due=due,
            present=due[1:],
            absent=due[:1],
            group_id=group_of(branch, 1) if kind is MeetingKind.GROUP else None,
        )


def months(first: dt.date = dt.date(2025, 1, 1)) -> Iterator[dt.date]:
    for index in itertools.count():
        yield dt.date(first.year + (first.month - 1 + index) // 12, (first.month - 1 + index) % 12 + 1, 1)


def request(book: OrgId, key: str, events: list[Event], keys: Keys, at: int) -> Append:
    """One append of these events; ids follow from the key."""
    drafts = []
    for n, event in enumerate(events):
        event_id = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{book}/{key}/{n}"))
        record = codec.encode(event, event_id=event_id, actor="bench", by="bench", late=None, keys=keys)
        drafts.append(Draft(book=book, event=event, event_id=event_id, record=record))
    return Append(book=book, key=key, fingerprint=hashlib.sha256(key.encode()).digest(), at=at, drafts=tuple(drafts))


def life(branches: int, events: int, keys: Keys) -> Iterator[Append]:
    """About `events` events of `branches` branches: founding first, then month by month."""
    sent = 0
    committee = OrganisationFounded(
        occurred_on=FOUNDED, org_id=COMMITTEE, parent_id=None, kind=OrgKind.COMMITTEE, name="示例委员会", short_name="示例"
    )
    yield request(COMMITTEE, "founding", [committee], keys, BEGIN_US)
    for number in range(branches):
        batch = list(founding(org(number)))
        sent += len(batch)
        yield request(org(number), "founding", batch, keys, BEGIN_US)
    for index, month in enumerate(months()):
        for number in range(branches):
            if sent >= events:
                return
            batch = list(month_of_life(org(number), month))
            sent += len(batch)
            yield request(org(number), f"{month:%Y-%m}", batch, keys, BEGIN_US + (index + 1) * 30 * DAY_US)


def single_events(branches: int, count: int, keys: Keys) -> list[Append]:
    """One event per append: payments, round robin over the branches."""
    day = dt.date(2026, 3, 5)
    requests = []
    for n in range(count):
        branch = org(n % branches)
        member = PersonId(f"{branch}-{n // branches % MEMBERS:02d}")
        event = DuesReceived(
            occurred_on=day,
            entry_id=EntryId(f"e{n}"),
            person_id=member,
            month="2026-03",
            amount_fen=4500,
            kind=PaymentKind.REGULAR,
            payer=PayerKind.SELF,
            collector=member,
        )
        requests.append(request(branch, f"single-{n}", [event], keys, BEGIN_US))
    return requests
