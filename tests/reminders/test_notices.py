"""Who is told what: a pure function of the event and of who holds which account."""

import datetime as dt

import pytest
from msgspec import structs

from events.base import Event, LetterId, Month, OrgId, PersonId
from events.obligations import ObligationEscalated, ObligationOverdue, ObligationReminded, ObligationWaived
from events.store.record import Fact
from events.transfers import LetterIssued, TransferSide, TransferStatus
from projections.standard.pack import default_pack
from service.auth.actor import Role
from service.reminders.letter import Digest, Item, text, title_of
from service.reminders.notices import POSTS, SUPERIOR, Holder, Kind, Notice, answers_for, notice_of, subject_of, told

HERE, THERE, ABOVE = OrgId("B1"), OrgId("B2"), OrgId("C1")
DAY = dt.date(2026, 3, 31)
SECRETARY = Holder(account_id="secretary", role=Role.SECRETARY, org_id=HERE)
TREASURER = Holder(account_id="treasurer", role=Role.TREASURER, org_id=HERE)
ORGANISER = Holder(account_id="organiser", role=Role.MEMBER, org_id=HERE, posts=frozenset({"organisation"}))
LEADER = Holder(account_id="leader", role=Role.MEMBER, org_id=HERE, leads=frozenset({"g1"}))
MEMBER = Holder(account_id="member", role=Role.MEMBER, org_id=HERE)
OFFICER = Holder(account_id="officer", role=Role.COMMITTEE_OFFICER, org_id=ABOVE)
BRANCH = (SECRETARY, TREASURER, ORGANISER, LEADER, MEMBER)


def fact(event: Event) -> Fact[Event]:
    return Fact(
        position=7, book=HERE, page=3, event_id="e7", actor="system", recorded_at=1_774_526_400_000_000, late_reason=None, event=event
    )


def notice(kind: Kind, thing: str) -> Notice:
    return Notice(
        event_id="e", position=1, org_id=HERE, kind=kind, thing=thing, due_on=DAY, said_at=dt.datetime(2026, 3, 26, tzinfo=dt.UTC)
    )


@pytest.mark.parametrize(
    ("kind", "thing", "accounts"),
    [
        (Kind.REMINDED, "DL-01:2026-03", ["secretary"]),
        (Kind.REMINDED, "DL-03:2026-03:g1", ["leader"]),
        (Kind.REMINDED, "DL-03:2026-03:g2", ["secretary"]),
        (Kind.OVERDUE, "DL-03:2026-03:g1", ["leader", "secretary"]),
        (Kind.REMINDED, "DL-12:2026-Q1", ["organiser", "treasurer"]),
        (Kind.REMINDED, "DL-31:letter-1", ["organiser"]),
        (Kind.ESCALATED, "DL-12:2026-Q1", ["officer", "secretary"]),
        (Kind.LETTER, "B2-2026-0001", ["organiser", "secretary"]),
        (Kind.REMINDED, "DL-OF-ANOTHER-PACK:2026", ["secretary"]),
    ],
)
def test_who_is_told(kind, thing, accounts):
    assert told(notice(kind, thing), BRANCH, [OFFICER]) == accounts


def test_every_role_of_the_pack_reaches_somebody():
    for deadline in default_pack().deadlines:
        assert told(notice(Kind.REMINDED, f"{deadline.id}:2026-03"), BRANCH, [OFFICER]), deadline.id
        assert (
            deadline.role in POSTS.keys() | SUPERIOR
            or deadline.role == "group_leader"
            or told(notice(Kind.REMINDED, deadline.id), BRANCH, [])
        )


def test_what_falls_to_the_whole_committee_is_told_to_each_of_it_and_to_the_secretary():
    everybody = next(deadline.id for deadline in default_pack().deadlines if deadline.role == "branch_committee")
    assert told(notice(Kind.REMINDED, f"{everybody}:2026"), BRANCH, [OFFICER]) == ["organiser", "secretary"]


def test_a_member_without_a_post_answers_for_nothing():
    assert not any(answers_for(MEMBER, f"{deadline.id}:2026-03") for deadline in default_pack().deadlines)


def test_each_event_is_one_notice_with_its_place_in_the_journal():
    said = {
        ObligationReminded(occurred_on=DAY, obligation_id="DL-01:2026-03", due_on=DAY, offset=0): Kind.REMINDED,
        ObligationOverdue(occurred_on=DAY, obligation_id="DL-01:2026-03", due_on=DAY): Kind.OVERDUE,
        ObligationEscalated(occurred_on=DAY, obligation_id="DL-01:2026-03", due_on=DAY): Kind.ESCALATED,
    }
    for event, kind in said.items():
        assert notice_of(fact(event)) == Notice(
            event_id="e7",
            position=7,
            org_id=HERE,
            kind=kind,
            thing="DL-01:2026-03",
            due_on=DAY,
            said_at=dt.datetime(2026, 3, 26, 12, tzinfo=dt.UTC),
        )
    assert notice_of(fact(ObligationWaived(occurred_on=DAY, obligation_id="DL-01:2026-03", reason="x"))) is None


@pytest.mark.parametrize(("offset", "accounts"), [(-180, ["officer", "organiser", "secretary"]), (-90, ["organiser", "secretary"])])
def test_half_a_year_before_its_committees_term_ends_the_superior_is_told_as_well(offset, accounts):
    found = notice_of(fact(ObligationReminded(occurred_on=DAY, obligation_id="DL-26:3", due_on=DAY, offset=offset)))
    assert found is not None
    assert told(found, BRANCH, [OFFICER]) == accounts


def test_a_member_is_told_of_his_own_letter_before_it_runs_out_and_not_of_what_is_late():
    mine = Holder(account_id="mine", role=Role.MEMBER, org_id=HERE, person_id=PersonId("p1"))
    other = Holder(account_id="other", role=Role.MEMBER, org_id=HERE, person_id=PersonId("p2"))
    about = structs.replace(notice(Kind.REMINDED, "DL-30:letter-1"), person_id=PersonId("p1"))
    assert about.for_member
    assert told(about, (*BRANCH, mine, other), [OFFICER]) == ["mine", "organiser"]
    assert not notice(Kind.OVERDUE, "DL-30:letter-1").for_member
    assert not notice(Kind.REMINDED, "DL-31:letter-1").for_member


def letter(to: OrgId | None) -> LetterIssued:
    return LetterIssued(
        occurred_on=DAY,
        letter_id=LetterId("l1"),
        person_id=PersonId("p1"),
        number="B1-2026-0001",
        status=TransferStatus.FULL,
        sex="女",
        nationality="01",
        to_side=TransferSide.INSIDE,
        to_org_id=to,
        to_name="第二党支部",
        heading="第二党支部",
        dues_paid_to=Month("2026-03"),
        valid_days=90,
        valid_until=DAY,
        handled_by=PersonId("p2"),
        contact="000",
    )


def test_a_letter_is_told_to_the_branch_that_it_goes_to():
    found = notice_of(fact(letter(THERE)))
    assert found is not None
    assert (found.org_id, found.kind, found.thing, found.about, found.due_on) == (THERE, Kind.LETTER, "B1-2026-0001", HERE, DAY)
    assert notice_of(fact(letter(None))) is None


@pytest.mark.parametrize(
    ("obligation", "subject", "title"),
    [
        ("DL-01:2026-03", "", "Monthly study meeting 2026-03"),
        ("DL-03:2026-03:g1", "g1", "Monthly Party group meeting 2026-03"),
        ("DL-12:2026-Q1", "", f"{default_pack().deadline('DL-12').en} 2026-Q1"),
        ("DL-31:0199-letter", "", default_pack().deadline("DL-31").en),
        ("DL-99:2026", "", "DL-99:2026"),
    ],
)
def test_an_obligation_is_called_by_its_deadline_and_period(obligation, subject, title):
    assert (subject_of(obligation), title_of(obligation, "en")) == (subject, title)


def test_a_long_digest_says_how_much_more_there_is():
    items = tuple(Item(kind=Kind.OVERDUE, org=f"支部{n}", thing="DL-01:2026-03", about="", due_on=DAY) for n in range(23))
    said = text(Digest(mail_id="m", to="a@b.cn", language="en", items=items), "https://x/admin/inbox")
    assert said.startswith("Overdue (23)\n")
    assert "... and 3 more" in said
    assert said.count("\n  - ") == 20
