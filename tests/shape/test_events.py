"""What every event has: a name by hand, a sentence, two titles, a closed shape, and a view or a reason."""

import re
from collections import Counter
from typing import Any

import pytest

from events.base import Event, tag_of
from events.catalog import EVENTS, NOUNS
from projections.catalog import every_projection
from service.decide.catalog import CASES

UNSEEN: dict[str, str] = {
    "standard.published": "read from the record itself: the processes take up the version, the list of versions tells it",
    "members.case_opened": "looked at when a letter is asked for (INV-074); the registers of cases belong to ledger L05",
    "members.case_closed": "as members.case_opened",
    "meetings.scheduled": "a plan; the row of the register comes with the meeting that was held",
    "meetings.absence_excused": "folded into the attendance of the meeting that was held",
    "ballots.voted": "that somebody voted is read from the record itself; the register has how many did, at the count",
    "imports.begun": "lists the commands of a workbook for whoever takes it back; the import page reads the record, no paper form has it",
    "imports.undone": "as imports.begun; what was taken back has its own events, which strike the rows",
    "requests.phone_change_requested": "waits on the page of the branch and on the member's own, which read the record itself",
    "requests.phone_change_approved": "as the request; the changed profile has its own event, which the roster handles",
    "requests.phone_change_returned": "as the request",
    "structure.establishment_requested": "asked of the committee before the branch has a book; the branch's form begins with its founding",
}
"""Events that no view handles, each with the reason."""

every_event = pytest.mark.parametrize("event", EVENTS.values(), ids=list(EVENTS))


@every_event
def test_its_tag_is_noun_and_past_verb(event: type[Event]):
    noun = event.__module__.removeprefix("events.")
    assert re.fullmatch(r"[a-z]+\.[a-z]+(_[a-z]+)*", tag_of(event))
    assert event in next(n.EVENTS for n in NOUNS if n.__name__ == f"events.{noun}")


@every_event
def test_it_is_frozen_keyword_only_and_closed(event: type[Event]):
    """msgspec inherits `frozen` and `forbid_unknown_fields`, but not `kw_only`."""
    config = event.__struct_config__
    assert (config.frozen, config.forbid_unknown_fields) == (True, True)
    construct: Any = event
    with pytest.raises(TypeError, match=r"positional|Missing required"):
        construct(*[None] * len(event.__struct_fields__))


@every_event
def test_it_says_what_it_means(event: type[Event]):
    assert len(event.__doc__ or "") > 10
    assert re.search(r"[\u4e00-\u9fff]", event.zh)
    assert re.search(r"[A-Za-z]", event.en)
    assert "stream" in vars(event) or event.stream is not Event.stream


@every_event
def test_a_view_shows_it_or_a_reason_excuses_it(event: type[Event]):
    seen = any(event in projection.handlers for projection in every_projection())
    assert seen != (tag_of(event) in UNSEEN)


def test_titles_are_told_apart():
    for titles in ([event.zh for event in EVENTS.values()], [event.en for event in EVENTS.values()]):
        assert sorted(set(titles)) == sorted(titles)


def test_no_two_events_and_no_two_commands_are_classes_of_one_name():
    """The schemas of the API and of the stream are named after them."""
    for classes in (list(EVENTS.values()), [case.command for case in CASES.values()]):
        names = Counter(one.__name__ for one in classes)
        assert {name for name, count in names.items() if count > 1} == set()
