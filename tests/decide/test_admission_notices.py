"""Public notices over real calendars (R-C26, INV-042, INV-043, INV-056), each allowed, refused, nothing to do."""

import datetime as dt
from typing import Any

import pytest
from msgspec.structs import replace

from events.admission_acceptance import NoticeClosed, NoticeKind, NoticePosted, ObjectionReceived, ObjectionResolved
from projections.standard.rules import Override
from service.decide.admission.notices import (
    CloseAdmissionNotice,
    PostAdmissionNotice,
    ReceiveObjection,
    ResolveObjection,
    working_days_between,
)
from service.errors import Absent, Conflict
from tests.decide.admission_history import CASE, IDS, before, day, event, until, when
from tests.decide.bdd import fails, nothing, refused


def post(kind: NoticeKind = NoticeKind.ADMISSION, on: str = "2024-09-25") -> PostAdmissionNotice:
    return PostAdmissionNotice(occurred_on=day(on), admission_id=CASE, kind=kind, place="公示栏")


def posted(kind: NoticeKind, on: str, closes_from: str) -> NoticePosted:
    return NoticePosted(**IDS, occurred_on=day(on), kind=kind, place="公示栏", closes_from=day(closes_from))


def close(kind: NoticeKind = NoticeKind.ADMISSION, on: str = "2024-10-09") -> CloseAdmissionNotice:
    return CloseAdmissionNotice(occurred_on=day(on), admission_id=CASE, kind=kind, result="无异议")


def closed(**changed: Any) -> NoticeClosed:
    notice = event("notice-closed")
    assert isinstance(notice, NoticeClosed)
    return replace(notice, **changed)


class TestPost:
    def test_it_says_from_when_it_may_be_closed(self):
        when(post(), *before("notice")).then(event("notice"))

    @pytest.mark.parametrize(
        ("on", "closes_from"),
        [
            ("2024-11-04", "2024-11-12"),  # a plain week: 5, 6, 7, 8 and 11 November
            ("2025-01-20", "2025-01-27"),  # the Sunday before the spring festival is worked
            ("2025-01-22", "2025-02-06"),  # 23, 24, Sunday 26, 27, then 5 February after the festival
            ("2025-04-25", "2025-05-07"),  # Sunday 27, 28, 29, 30 April, then 6 May after the holiday
        ],
    )
    def test_make_up_days_count_and_holidays_do_not(self, on: str, closes_from: str):
        when(post(on=on), *before("notice")).then(posted(NoticeKind.ADMISSION, on, closes_from))

    def test_as_many_days_as_the_rule_of_the_branch_says(self):
        seven = (Override(key="notice.working_days_min", value=7, effective_from=dt.date(2014, 5, 28)),)
        when(post(on="2024-11-04"), *before("notice"), overrides=seven).then(posted(NoticeKind.ADMISSION, "2024-11-04", "2024-11-14"))

    @pytest.mark.parametrize(
        ("kind", "on", "not_yet", "after"),
        [
            (NoticeKind.ACTIVIST, "2023-07-03", "applicant-talk", "activist"),
            (NoticeKind.TARGET, "2024-09-02", "contacts", "opinions"),
            (NoticeKind.ADMISSION, "2024-11-04", "target", "target-filing"),
            (NoticeKind.CONVERSION, "2025-11-03", "conversion-application", "conversion-opinions"),
        ],
    )
    def test_each_kind_after_its_step(self, kind: NoticeKind, on: str, not_yet: str, after: str):
        when(post(kind, on), *before(not_yet)).then(refused("INV-038", "admission_id"))
        when(post(kind, on), *before(after)).then(posted(kind, on, str(_closes(on))))

    def test_earlier_where_the_rule_wants_it_before_the_target(self):
        first = (Override(key="notice.admission.before", value="target", effective_from=dt.date(2014, 5, 28)),)
        when(post(on="2024-09-02"), *before("opinions"), overrides=first).then(posted(NoticeKind.ADMISSION, "2024-09-02", "2024-09-10"))

    def test_again_is_nothing_new(self):
        when(post(), *until("notice")).then(nothing)

    def test_one_at_a_time(self):
        when(post(on="2024-09-26"), *until("notice")).then(fails(Conflict, "2024-09-25"))

    def test_anew_once_one_is_closed(self):
        when(post(on="2024-10-14"), *until("notice-closed")).then(posted(NoticeKind.ADMISSION, "2024-10-14", "2024-10-22"))


def _closes(on: str) -> dt.date:
    """By counting, not by the function under test."""
    found = day(on)
    while working_days_between(day(on), found) < 5:
        found += dt.timedelta(days=1)
    return found


class TestClose:
    """INV-042: five full working days; neither the day of posting nor that of closing counts."""

    def test_on_the_day_after_the_fifth(self):
        when(close(), *before("notice-closed")).then(closed())

    def test_or_later(self):
        when(close(on="2024-10-11"), *before("notice-closed")).then(closed(occurred_on=day("2024-10-11"), working_days=7))

    @pytest.mark.parametrize("on", ["2024-10-08", "2024-10-02", "2024-09-25"])
    def test_not_before(self, on: str):
        when(close(on=on), *before("notice-closed", "sponsors")).then(refused("INV-042", "occurred_on"))

    def test_INV_056_that_of_the_conversion_has_its_own(self):
        command = close(NoticeKind.CONVERSION, "2025-11-11")
        when(command, *before("conversion-notice-closed")).then(event("conversion-notice-closed"))
        when(close(NoticeKind.CONVERSION, "2025-11-10"), *before("conversion-notice-closed")).then(refused("INV-056", "occurred_on"))

    def test_again_is_nothing_new(self):
        when(close(), *until("notice-closed")).then(nothing)
        when(close(on="2024-10-10"), *until("notice-closed")).then(fails(Conflict, "closed"))

    def test_only_one_that_there_is(self):
        when(close(), *before("notice")).then(fails(Absent))


def objection(on: str = "2024-09-27", number: int = 1, content: str = "学历不实") -> ObjectionReceived:
    return ObjectionReceived(**IDS, occurred_on=day(on), kind=NoticeKind.ADMISSION, number=number, content=content)


def resolved(on: str = "2024-09-30", number: int = 1) -> ObjectionResolved:
    return ObjectionResolved(**IDS, occurred_on=day(on), kind=NoticeKind.ADMISSION, number=number, upheld=False, result="查无此事")


class TestObjections:
    """INV-043 is looked at by whatever waits for the notice."""

    RECEIVE = ReceiveObjection(occurred_on=day("2024-09-27"), admission_id=CASE, kind=NoticeKind.ADMISSION, content="学历不实")
    RESOLVE = ResolveObjection(occurred_on=day("2024-09-30"), admission_id=CASE, kind=NoticeKind.ADMISSION, number=1, result="查无此事")

    def test_they_are_numbered(self):
        when(self.RECEIVE, *until("notice")).then(objection())
        when(self.RECEIVE, *until("notice"), objection(content="别的")).then(objection(number=2))

    def test_the_same_again_is_nothing_new(self):
        when(self.RECEIVE, *until("notice"), objection()).then(nothing)

    def test_only_to_a_notice(self):
        when(self.RECEIVE, *before("notice")).then(fails(Absent))

    def test_not_before_it_was_posted(self):
        early = ReceiveObjection(occurred_on=day("2024-09-24"), admission_id=CASE, kind=NoticeKind.ADMISSION, content="x")
        when(early, *until("notice")).then(refused("INV-038", "occurred_on"))

    def test_they_are_resolved(self):
        when(self.RESOLVE, *until("notice"), objection()).then(resolved())
        when(self.RESOLVE, *until("notice"), objection(), resolved()).then(nothing)

    def test_once_and_in_their_order(self):
        other = ResolveObjection(occurred_on=day("2024-10-08"), admission_id=CASE, kind=NoticeKind.ADMISSION, number=1, result="另有结论")
        early = ResolveObjection(occurred_on=day("2024-09-26"), admission_id=CASE, kind=NoticeKind.ADMISSION, number=1, result="x")
        when(other, *until("notice"), objection(), resolved()).then(fails(Conflict, "resolved"))
        when(early, *until("notice"), objection()).then(refused("INV-038", "occurred_on"))
        when(self.RESOLVE, *until("notice")).then(fails(Absent))

    def test_the_closing_counts_them(self):
        when(close(), *before("notice-closed"), objection(), resolved()).then(closed(objections=1))


def test_working_days_between_two_days():
    assert working_days_between(day("2024-09-25"), day("2024-09-25")) == 0
    assert working_days_between(day("2024-09-27"), day("2024-09-30")) == 1, "Sunday 29 September 2024 was worked"
    assert working_days_between(day("2024-09-30"), day("2024-10-08")) == 0
