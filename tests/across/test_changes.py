"""What changed between two days: counted once, not when it was taken back, in sentences of both languages; cases only as counts."""

import datetime as dt
import shutil
from typing import Any

import pytest

from events.awards import AwardGranted, AwardId
from events.base import Event, MeetingId, tag_of
from events.catalog import EVENTS
from events.discipline import DisciplineId, DisciplineOpened
from events.meetings import MeetingCancelled, MeetingKind
from events.members import LeftGround
from events.organisations import Post, PostAssigned, Seat
from projections.changes import Change, Link, Sentence, changes, how_ended, together, told
from projections.standard.changes import CORRECTING, Done, corrects, load, sentences, watched_tags
from projections.standard.pack import FOLDER
from projections.standard.reading import PackError
from tests.decide.meeting_history import held
from tests.decide.roster_history import ANN, BEN, NEO, converted, left, member
from tests.ledgers.l04_history import facts, paid, reversal

JUNE, DECEMBER = dt.date(2026, 6, 30), dt.date(2026, 12, 31)
LINES = {line.id: line for line in sentences()}
NAMES = {"ann": "安", "ben": "本", "neo": "倪"}


def day(month: int, number: int = 10) -> dt.date:
    return dt.date(2026, month, number)


def meeting(name: str, on: dt.date, kind: MeetingKind = MeetingKind.GENERAL) -> Event:
    return held(kind, occurred_on=on, meeting_id=MeetingId(name))


def found(*events: Event, obligations: tuple[dict[str, Any], ...] = (), names: dict[str, str] = NAMES) -> list[Sentence]:
    seen = changes(facts(*events), obligations, JUNE, DECEMBER, sentences())
    return [told(change, LINES[change.id], names) for change in seen]


def said(*events: Event, **given: Any) -> list[tuple[str, str]]:
    return [(one.zh, one.en) for one in found(*events, **given)]


def test_between_two_days_is_after_the_first_and_up_to_the_last():
    held_on = [meeting(f"m{n}", on) for n, on in enumerate((JUNE, JUNE + dt.timedelta(1), DECEMBER, DECEMBER + dt.timedelta(1)))]
    assert found(*held_on) == [
        Sentence(
            id="meetings.general",
            count=2,
            fen=0,
            zh="召开支部党员大会2次",
            en="2 general meetings were held",
            links=(Link(page=2, event_id="e2"), Link(page=3, event_id="e3")),
        )
    ]


def test_nothing_happened_nothing_is_said():
    assert said() == []


def test_who_joined_and_became_a_full_member_is_named():
    assert said(member(ANN, occurred_on=day(7)), member(BEN, occurred_on=day(8)), converted(NEO, on=day(9))) == [
        ("登记入册党员2名：安、本", "2 members were entered on the roll: 安, 本"),
        ("预备党员转正1名：倪", "1 probationary member became a full member: 倪"),
    ]


def test_whoever_has_no_name_here_is_counted_all_the_same():
    assert said(member(ANN, occurred_on=day(7)), names={}) == [("登记入册党员1名", "1 member was entered on the roll")]


def test_many_names_are_cut_short():
    many = {f"p{n}": f"名{n}" for n in range(20)}
    change = Change(id="members.registered", count=20, fen=0, people=tuple(many), links=())  # type: ignore[arg-type]
    assert told(change, LINES[change.id], many).zh == f"登记入册党员20名：{'、'.join(list(many.values())[:12])}等"


def test_the_end_of_a_membership_by_a_case_names_nobody_but_the_dead_are_named():
    assert said(left(ANN, on=day(7), ground=LeftGround.EXPELLED), left(BEN, on=day(8), ground=LeftGround.DECEASED)) == [
        ("去世党员1名：本", "1 member died: 本"),
        ("党籍终止1人", "The membership of 1 person ended"),
    ]


def test_a_post_names_whoever_holds_it():
    seat = Seat(person_id=ANN, post=Post.SECRETARY)
    assert said(PostAssigned(occurred_on=day(7), term=1, seat=seat, approval_no="1")) == [("任职1人次：安", "1 post was filled: 安")]


def test_a_meeting_that_was_taken_back_was_not_held_and_held_anew_it_was():
    cancelled = MeetingCancelled(occurred_on=day(9), meeting_id=MeetingId("m"), reason="误登")
    assert said(meeting("m", day(8)), cancelled) == []
    assert said(meeting("m", day(8)), cancelled, meeting("m", day(10)))[0][0] == "召开支部党员大会1次"


def test_what_is_taken_back_after_the_last_day_had_still_happened_by_then():
    cancelled = MeetingCancelled(occurred_on=DECEMBER + dt.timedelta(9), meeting_id=MeetingId("m"), reason="误登")
    assert said(meeting("m", day(8)), cancelled)[0][0] == "召开支部党员大会1次"


def test_dues_are_told_in_yuan_without_what_was_reversed():
    wrong = paid(8, 4_000)
    assert said(paid(7, 1_234_505), wrong, reversal(wrong, day(9))) == [
        ("收缴党费1笔，共12,345.05元", "Dues were paid once, 12,345.05 yuan"),
        ("更正或撤销登记1条", "1 entry was corrected or taken back"),
    ]


def test_an_award_is_told():
    assert said(AwardGranted(occurred_on=day(7), award_id=AwardId("a"), decision_no="1")) == [("获得表彰1项", "1 award was granted")]


def test_a_case_is_only_counted():
    opened = DisciplineOpened(
        occurred_on=day(7), case_id=DisciplineId("c"), person_id=ANN, case_no="1", matter_no="1", facts="~1|ann|e|facts|x"
    )
    assert [(one.zh, one.en, one.links) for one in found(opened)] == [("立案1件", "1 case was opened", ())]


# obligations


def row(due: dt.date | None, done: dt.date | None = None, waived: dt.date | None = None, lapsed: dt.date | None = None) -> dict[str, Any]:
    return {"due_on": due, "fulfilled_on": done, "waived_on": waived, "lapsed_on": lapsed}


@pytest.mark.parametrize(
    ("one", "how"),
    [
        (row(day(8), day(8)), Done.FULFILLED),
        (row(day(8), day(9)), Done.LATE),
        (row(DECEMBER + dt.timedelta(5), DECEMBER), Done.FULFILLED),
        (row(day(5), day(7)), Done.LATE),
        (row(day(5), day(6)), None),
        (row(day(8)), Done.OVERDUE),
        (row(day(8), DECEMBER + dt.timedelta(1)), Done.OVERDUE),
        (row(JUNE), Done.OVERDUE),
        (row(DECEMBER), None),
        (row(day(5)), None),
        (row(day(8), waived=day(9)), None),
        (row(day(8), lapsed=day(9)), None),
        (row(None, day(9)), None),
    ],
)
def test_an_obligation_ends_in_the_window_in_one_way(one, how):
    assert how_ended(one, JUNE, DECEMBER) == how


def test_obligations_are_told_by_how_they_ended():
    assert said(obligations=(row(day(8), day(8)), row(day(9), day(9)), row(day(8), day(9)), row(day(8)))) == [
        ("按期完成任务2项", "2 obligations were fulfilled in time"),
        ("逾期完成任务1项", "1 obligation was fulfilled late"),
        ("到期未完成任务1项", "1 obligation fell due and was not fulfilled"),
    ]


# all branches, and the pack


def test_together_branches_have_the_sum_and_neither_names_nor_links():
    one = changes(facts(member(ANN, occurred_on=day(7)), paid(7, 100)), (), JUNE, DECEMBER, sentences())
    other = changes(facts(member(BEN, occurred_on=day(7))), (), JUNE, DECEMBER, sentences())
    assert together([one, other, []], sentences()) == [
        Change(id="members.registered", count=2, fen=0, people=(), links=()),
        Change(id="dues.received", count=1, fen=100, people=(), links=()),
    ]


def test_everything_that_sets_something_right_is_looked_at():
    assert {tag for tag in EVENTS if corrects(tag)} <= watched_tags() <= EVENTS.keys()
    assert all(tag_of(event).endswith(CORRECTING) for tag, event in EVENTS.items() if corrects(tag))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('id = "members.left"', 'id = "members.deceased"', "members.deceased: stands twice"),
        ('"members.converted"', '"members.turned"', "members.turned: there is no event members.turned"),
        ('sum = "amount_fen"', 'sum = "amount"', "dues.received: not every event has a field amount"),
        ("立案{n}件", "立案{n}件{names}", "cases.opened: nothing is known of names"),
        ("corrections = true", "", "corrections: exactly one of counts, obligations, corrections"),
        ('thing = "award_id"', 'thing = "award"', "awards.granted: awards.granted has no field award"),
    ],
)
def test_sentences_that_cannot_be_told_are_refused(tmp_path, old, new, reason):
    shutil.copy(FOLDER / "changes.toml", tmp_path)
    text = (tmp_path / "changes.toml").read_text()
    assert old in text
    (tmp_path / "changes.toml").write_text(text.replace(old, new))
    with pytest.raises(PackError, match=reason):
        load(tmp_path)
