"""What a withdrawn record fulfilled is open again, until it is recorded anew."""

import pytest

from events.base import MeetingId
from events.meetings import LecturerKind, LectureWithdrawn, MeetingKind, MeetingWithdrawn
from tests.obligations.world import Branch, day, held, lecture, raised


@pytest.mark.parametrize("withdrawn", [MeetingWithdrawn, LectureWithdrawn])
def test_a_lecture_that_is_withdrawn_alone_or_with_its_meeting_does_not_count_until_it_is_recorded_anew(withdrawn):
    branch = Branch(lecture("m1", LecturerKind.INVITED_EXPERT, "2026-02-01"), raised("DL-08", "N01.T02", "2026-03-31", "2026-Q1"))
    branch.happen(withdrawn(occurred_on=day("2026-02-06"), meeting_id=MeetingId("m1"), reason="记错"))
    assert branch.rows["DL-08:2026-Q1"].fulfilled_on is None
    branch.happen(lecture("m1", LecturerKind.INVITED_EXPERT, "2026-02-01"))
    assert branch.rows["DL-08:2026-Q1"].fulfilled_on == day("2026-02-01")


@pytest.mark.parametrize(
    ("kind", "key"),
    [(MeetingKind.GENERAL, "DL-07:2026-Q1"), (MeetingKind.COMMITTEE, "DL-02:2026-02"), (MeetingKind.STUDY, "DL-01:2026-02")],
)
def test_what_a_withdrawn_meeting_fulfilled_is_open_again(kind, key):
    deadline, period = key.split(":")
    branch = Branch(raised(deadline, "N02.T03", "2026-03-31", period), held("m1", kind, "2026-02-10"))
    assert branch.rows[key].fulfilled_on == day("2026-02-10")
    branch.happen(MeetingWithdrawn(occurred_on=day("2026-02-12"), meeting_id=MeetingId("m1"), reason="记错"))
    assert (branch.rows[key].fulfilled_on, branch.rows[key].fulfilled_by, branch.rows[key].done) == (None, [], 0)
