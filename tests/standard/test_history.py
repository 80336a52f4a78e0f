"""A pack carries its own past: whatever begins before the new version does, stays word for word."""

import datetime as dt

import pytest

from projections.standard.comparing import Kind
from projections.standard.forecast import BranchFacts, Subject, due_obligations
from projections.standard.history import Rewritten, rewritten
from projections.standard.pack import Pack, assemble, default_pack, unbundled
from projections.standard.reading import PackError
from tests.standard.drafts import BEGINS, DEADLINE, NORM, SHIPPED, draft, files, quarterly, setting

NOW = default_pack()
BRANCH = BranchFacts(subjects=(Subject(kind="branch", since=dt.date(2020, 1, 1)),))


def due_of(pack: Pack, deadline: str, year: int) -> list[str]:
    days = dt.date(year, 1, 1), dt.date(year, 12, 31)
    return [one.obligation_id for one in due_obligations(pack, BRANCH, *days) if one.deadline == deadline]


def test_a_norm_a_task_and_a_deadline_that_begin_with_the_version_rewrite_nothing():
    assert rewritten(NOW, draft(more={"norms.toml": NORM, "deadlines.toml": DEADLINE})) == []


def test_texts_roles_and_reminders_may_be_mended():
    edit = quarterly('zh = "每季度党员大会"', 'zh = "每季度召开党员大会"'), quarterly("remind = [-20, -7]", "remind = [-10]")
    assert rewritten(NOW, draft(edit[0])) == []
    assert rewritten(NOW, draft(edit[1])) == []


def test_a_rule_that_changes_with_the_version_rewrites_nothing():
    more = setting("meeting.general.per_quarter", "2", BEGINS) + setting("example.number", "3", "2019-01-01")
    assert rewritten(NOW, draft(more={"settings.toml": more})) == []


@pytest.mark.parametrize(
    ("edits", "more", "found"),
    [
        (
            (quarterly("proof = [{ event", 'also = ["N09.T02"]\nproof = [{ event'),),
            {},
            (Kind.DEADLINE, "DL-07", "`also` is in force already; what changes goes on under an id of its own"),
        ),
        (
            (quarterly("overdue = 1", "until = 2026-11-30\noverdue = 1"),),
            {},
            (Kind.DEADLINE, "DL-07", "`until` may be 2026-12-31 at the earliest"),
        ),
        (
            (),
            {"norms.toml": NORM, "deadlines.toml": DEADLINE.replace(BEGINS, "2026-12-01")},
            (Kind.DEADLINE, "DL-90", f"`since` may be {BEGINS} at the earliest"),
        ),
        (
            (),
            {"norms.toml": NORM, "deadlines.toml": DEADLINE.replace(f"since = {BEGINS}\n", "")},
            (Kind.DEADLINE, "DL-90", f"`since` may be {BEGINS} at the earliest"),
        ),
        (
            (),
            {"settings.toml": setting("meeting.general.per_quarter", "2", "2026-12-31")},
            (Kind.SETTING, "meeting.general.per_quarter 2026-12-31", f"may begin on {BEGINS} at the earliest"),
        ),
        (
            (("settings.toml", 'key = "meeting.general.per_quarter"\nvalue = 1', 'key = "meeting.general.per_quarter"\nvalue = 2'),),
            {},
            (Kind.SETTING, "meeting.general.per_quarter 2018-10-28", "is in force already"),
        ),
        ((("scoring.toml", "points = 7", "points = 8"),), {}, (Kind.SCHEME, "2019-01-01", "is in force already")),
    ],
)
def test_what_is_in_force_may_not_change(edits, more, found):
    assert rewritten(NOW, draft(*edits, more=more)) == [Rewritten(kind=found[0], id=found[1], reason=found[2])]


def test_nothing_that_the_record_names_may_go():
    later = draft(more={"norms.toml": NORM, "deadlines.toml": DEADLINE})
    gone = [(one.kind, one.id) for one in rewritten(later, draft())]
    assert gone == [(Kind.NORM, "N27"), (Kind.TASK, "N27.T01")]


def test_a_deadline_that_went_is_told_how_to_end():
    whole = assemble(files())
    block = '[[deadline]]\nid = "DL-07"' + whole.texts["deadlines.toml"].split('id = "DL-07"', 1)[1].split("[[deadline]]", 1)[0]
    found = rewritten(NOW, draft(("deadlines.toml", block, "")))
    assert found == [Rewritten(kind=Kind.DEADLINE, id="DL-07", reason="is gone; what is to end has a last day in `until`")]


class TestDates:
    """What `since` and `until` do to duties."""

    def test_a_duty_begins_with_the_first_period_on_or_after_its_first_day(self):
        pack = draft(more={"norms.toml": NORM, "deadlines.toml": DEADLINE})
        assert due_of(pack, "DL-90", 2026) == []
        assert due_of(pack, "DL-90", 2027)[0] == "DL-90:2027-01"
        assert len(due_of(pack, "DL-90", 2027)) == 12

    def test_a_period_that_begins_on_the_last_day_is_still_due_and_the_next_is_not(self):
        ends = draft(quarterly("overdue = 1", "until = 2027-04-01\noverdue = 1"))
        assert due_of(ends, "DL-07", 2027) == ["DL-07:2027-Q1", "DL-07:2027-Q2"]
        ends = draft(quarterly("overdue = 1", "until = 2027-03-31\noverdue = 1"))
        assert due_of(ends, "DL-07", 2027) == ["DL-07:2027-Q1"]

    def test_the_past_falls_due_as_it_did(self):
        later = draft(quarterly("overdue = 1", "until = 2026-12-31\noverdue = 1"), more={"norms.toml": NORM, "deadlines.toml": DEADLINE})
        days = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
        assert due_obligations(later, BRANCH, *days) == due_obligations(NOW, BRANCH, *days)

    def test_as_if_it_had_been_so_all_along(self):
        more = {"norms.toml": NORM, "deadlines.toml": DEADLINE, "settings.toml": setting("meeting.general.per_quarter", "9", BEGINS)}
        later = draft(quarterly("overdue = 1", "until = 2026-12-31\noverdue = 1"), more=more).all_along()
        assert due_of(later, "DL-07", 2026) == []
        assert len(due_of(later, "DL-90", 2026)) == 12
        assert later.rules(dt.date(2026, 5, 1)).number("meeting.general.per_quarter") == 9


def test_the_same_files_have_the_same_digest_and_come_back_from_their_bundle():
    later = draft(more={"norms.toml": NORM})
    assert assemble(unbundled(later.bundle)) == later
    assert (later.digest == draft(more={"norms.toml": NORM}).digest, later.digest == NOW.digest) == (True, False)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('event = "meetings.held"', 'event = "meetings.hold"', "DL-07: there is no event meetings.hold"),
        ('thing = "meeting_id"', 'thing = "meeting"', "DL-07: meetings.held has no field meeting"),
        ("where = { kind", "where = { sort", "DL-07: meetings.held has no field sort"),
        ("overdue = 1", "since = 2027-01-01\nuntil = 2026-01-01\noverdue = 1", "DL-07: it ends before it begins"),
    ],
)
def test_a_deadline_that_names_what_there_is_not_is_refused(old, new, reason):
    with pytest.raises(PackError, match=reason) as told:
        draft(quarterly(old, new))
    lines = SHIPPED["deadlines.toml"].splitlines()
    assert told.value.line == lines.index('id = "DL-07"') + 1
