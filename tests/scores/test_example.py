"""Scores of every branch of the example: the leaves add up, views and books agree, a published result stands whatever pack is tried."""

import datetime as dt
from collections.abc import Callable

import msgspec
import pytest
import pytest_asyncio
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from events.assessment import AssessmentGrade, Component
from events.base import Event, OrgId
from events.obligations import ObligationRaised
from events.store.books import whole as whole_book
from events.store.record import Fact
from projections.scores import Holding, Reader, fold_and_score, upcoming
from projections.standard.contrast import contrast, since
from projections.standard.duties import Duty
from projections.standard.history import rewritten
from projections.standard.pack import Pack, assemble, default_pack
from projections.standard.schemes import LateStep, Waived
from projections.standard.score_tree import Reason, Score, leaves
from projections.standard.scoring import Scorer
from service.imports.example import load_example
from tests.flows.import_world import recorder, terms
from tests.scores.world import whole
from tests.standard.drafts import DEADLINE

PACK = default_pack()
BRANCHES = [OrgId(f"SL-B{number:02d}") for number in range(1, 13)]
ON = dt.date(2026, 11, 24)
Books = dict[OrgId, list[Fact[Event]]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def books() -> Books:
    bus, memory, keys = recorder()
    await load_example(bus, memory, keys, terms())
    return {org_id: await whole_book(memory, org_id) for org_id in BRANCHES}


def scored(books: Books, org_id: OrgId, year: int, on: dt.date = ON) -> Score:
    return fold_and_score(Reader(PACK), Scorer(PACK, year), books[org_id], (), on, draft=False)


@pytest.mark.parametrize("org_id", BRANCHES)
@pytest.mark.parametrize("year", [2025, 2026])
def test_the_leaves_of_every_branch_add_up_to_its_total_on_any_day(books, org_id, year):
    for on in (dt.date(year, 1, 1), dt.date(year, 6, 30), ON, dt.date(year + 2, 1, 1)):
        assert whole(scored(books, org_id, year, on).total)


@pytest.mark.parametrize("org_id", BRANCHES)
def test_every_point_names_its_events_and_every_point_that_is_not_there_its_reason(books, org_id):
    events = {fact.event_id for fact in books[org_id]}
    for one in leaves(scored(books, org_id, 2026).total):
        assert one.ground is not None
        assert set(one.ground.events) <= events
        assert one.got <= 0 or one.ground.events or one.ground.missing or one.ground.done or one.ground.done_on
        assert one.most == one.got or one.ground.reason in {
            Reason.LATE,
            Reason.NOT_DUE,
            Reason.OVERDUE,
            Reason.NOT_JUDGED,
            Reason.JUDGED,
            Reason.PENALTY,
        }


def test_the_dues_of_a_month_rest_on_every_member_and_without_one_payment_only_that_month_stands_otherwise(books):
    org_id = OrgId("SL-B01")
    months = {one.id: one.ground for one in leaves(scored(books, org_id, 2025).total) if one.ground and one.ground.deadline == "DL-05"}
    name, ground = max(months.items(), key=lambda month: len(month[1].events))
    payers = {fact.event.person_id for fact in books[org_id] if fact.event_id in ground.events}
    assert len(payers) == ground.done > 5
    for event in (ground.events[0], ground.events[-1]):
        without = {**books, org_id: [fact for fact in books[org_id] if fact.event_id != event]}
        after = {one.id: one.ground for one in leaves(scored(without, org_id, 2025).total)}
        before = {one.id: one.ground for one in leaves(scored(books, org_id, 2025).total)}
        assert {one for one in {**before, **after} if before.get(one) != after.get(one)} == {name}


def test_the_published_year_stands_and_the_computed_one_beside_it(books):
    found = scored(books, OrgId("SL-B02"), 2025)
    assert found.published is not None
    assert found.result == (found.published.total, found.published.grade) == (7810, AssessmentGrade.FAIR)


def test_a_draft_without_mercy_for_the_late_takes_points_and_says_where_but_not_what_was_published(books):
    scheme = msgspec.structs.replace(PACK.schemes[0], late=(), later=0, partial=0)
    draft = msgspec.structs.replace(PACK, schemes=(scheme,))
    for org_id in BRANCHES:
        now = scored(books, org_id, 2025)
        then = fold_and_score(Reader(draft), Scorer(draft, 2025), books[org_id], (), ON, draft=True)
        found = contrast(org_id, org_id, now, then)
        assert found.draft_total <= now.total.got
        assert (found.total, found.grade) == now.result
        assert (
            sum(one.draft - one.now for one in found.why if one.id.startswith("routine:"))
            == then.total.children[1].got - now.total.children[1].got
        )


def test_other_lines_between_the_grades_change_a_grade_and_the_contrast_says_so(books):
    settings = tuple(
        msgspec.structs.replace(one, value=[["good", 70], ["fairly_good", 60], ["fair", 50], ["poor", 0]])
        if one.key == "assessment.grades"
        else one
        for one in PACK.settings
    )
    eras = tuple(
        msgspec.structs.replace(
            era, values={**era.values, "assessment.grades": [["good", 70], ["fairly_good", 60], ["fair", 50], ["poor", 0]]}
        )
        for era in PACK.eras
    )
    draft = msgspec.structs.replace(PACK, settings=settings, eras=eras)
    org_id = OrgId("SL-B02")
    now = scored(books, org_id, 2025)
    then = fold_and_score(Reader(draft), Scorer(draft, 2025), books[org_id], (), ON, draft=True)
    found = contrast(org_id, "第二党支部", now, then)
    assert (found.grade, found.draft_grade, found.changes_grade, found.thresholds) == (
        AssessmentGrade.FAIR,
        AssessmentGrade.GOOD,
        True,
        True,
    )


def test_once_the_worker_has_raised_everything_the_pack_as_a_draft_of_itself_changes_nothing(books):
    for org_id in BRANCHES:
        raised = {**books, org_id: [*books[org_id], *everything_raised(books[org_id])]}
        then = fold_and_score(Reader(PACK), Scorer(PACK, 2026), raised[org_id], (), ON, draft=True)
        assert then.total == scored(raised, org_id, 2026).total


def everything_raised(facts: list[Fact[Event]]) -> list[Fact[Event]]:
    held, _ = Reader(PACK).fold(facts)
    return [
        msgspec.structs.replace(
            facts[-1],
            page=facts[-1].page + number,
            event_id=f"raised-{number}",
            event=ObligationRaised(
                occurred_on=one.begins_on,
                obligation_id=one.obligation_id,
                deadline=one.deadline,
                task=one.task,
                period=one.period,
                subject=one.subject,
                due_on=one.due_on,
                needed=one.needed,
            ),
        )
        for number, one in enumerate(upcoming(PACK, held, [], 2026), start=1)
    ]


# A year that is closed


LATER = dt.date(2027, 1, 1)


def next_version(change: Callable[[dict[str, str]], dict[str, str]]) -> Pack:
    """A version of 2027 that carries the past of the pack, with texts replaced in its files."""
    files = dict(PACK.texts)
    files["norms.toml"] = files["norms.toml"].replace('version = "2019"', 'version = "2027"', 1).replace("2019-01-01", "2027-01-01", 1)
    return assemble(change(files))


def other_weights(files: dict[str, str]) -> dict[str, str]:
    """Of norms and of lateness, and other lines between the grades, from 2027 on."""
    scheme = files["scoring.toml"].split("[[scheme]]", 1)[1].replace("2019-01-01", "2027-01-01", 1)
    scheme = scheme.replace("later = 40", "later = 0").replace("points = 7", "points = 20")
    grades = """
[[setting]]
key = "assessment.grades"
zh = "考核等次"
en = "Grades"
value = [["good", 95], ["fairly_good", 85], ["fair", 70], ["poor", 0]]
effective_from = 2027-01-01
mark = "L"
source = "示例"
"""
    return {**files, "scoring.toml": files["scoring.toml"] + "\n[[scheme]]" + scheme, "settings.toml": files["settings.toml"] + grades}


def another_deadline(files: dict[str, str]) -> dict[str, str]:
    """A monthly duty that begins in 2027."""
    return {
        **files,
        "deadlines.toml": files["deadlines.toml"] + DEADLINE.replace('task = "N27.T01"', 'task = "N09.T01"'),
    }


@pytest.mark.parametrize("change", [other_weights, another_deadline])
def test_a_later_version_changes_no_byte_of_a_closed_year_and_judges_the_year_that_it_begins(books, change):
    later = next_version(change)
    assert rewritten(PACK, later) == []
    for org_id in BRANCHES:
        before = scored(books, org_id, 2025)
        after = fold_and_score(Reader(later), Scorer(later, 2025), books[org_id], (), ON, draft=False)
        assert msgspec.json.encode(after.total) == msgspec.json.encode(before.total)
        assert (after.grades, after.weights, after.published, after.result) == (
            before.grades,
            before.weights,
            before.published,
            before.result,
        )
    on = dt.date(2027, 11, 24)
    new = fold_and_score(Reader(later), Scorer(later, 2027), books[BRANCHES[1]], (), on, draft=False)
    assert (new.grades, new.total) != ((old := scored(books, BRANCHES[1], 2027, on)).grades, old.total)


def test_a_draft_of_a_closed_year_stands_beside_what_was_published_and_touches_it_nowhere(books):
    org_id = OrgId("SL-B02")
    before = msgspec.json.encode(scored(books, org_id, 2025))
    draft = next_version(other_weights).all_along()
    then = fold_and_score(Reader(draft), Scorer(draft, 2025), books[org_id], (), ON, draft=True)
    assert then.grades != scored(books, org_id, 2025).grades
    assert (then.published, msgspec.json.encode(scored(books, org_id, 2025))) == (scored(books, org_id, 2025).published, before)


def test_what_was_recorded_after_the_grade_is_told_leaf_by_leaf(books):
    org_id = OrgId("SL-B02")
    facts = books[org_id]
    now = scored(books, org_id, 2025)
    assert now.published is not None
    graded = next(fact for fact in facts if fact.event_id == now.published.event_id)
    on = graded.event.occurred_on
    known = [fact for fact in facts[: graded.page] if fact.event.occurred_on <= on]
    then = fold_and_score(Reader(PACK), Scorer(PACK, 2025), known, (), on, draft=False)
    assert then.published is not None
    assert (then.published.event_id, since(then, then), since(now, now)) == (graded.event_id, (), ())
    told = since(then, now)
    changed = {one.id for one in leaves(now.total)} ^ {one.id for one in leaves(then.total)}
    assert changed <= {one.leaf for one in told}
    assert all(one.then != one.now or one.events or one.leaf in changed or one.then is Reason.OVERDUE for one in told)


# Whatever the day and the scheme

CREDITS = st.lists(st.integers(0, 100), min_size=4, max_size=4).map(lambda drawn: sorted(drawn, reverse=True))


@pytest.mark.parametrize("org_id", BRANCHES)
@given(st.dates(dt.date(2024, 12, 1), dt.date(2028, 1, 31)), st.sampled_from([2025, 2026]), CREDITS, st.sampled_from(Waived), st.data())
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_leaves_of_every_branch_add_up_on_any_day_under_any_scheme(folded, org_id, on, year, brings, waived, data):
    one = PACK.schemes[0]
    points = data.draw(st.lists(st.integers(0, 30), min_size=len(one.indicator), max_size=len(one.indicator)))
    assume(sum(points))
    scheme = msgspec.structs.replace(
        one,
        on_time=brings[0],
        extended=brings[0],
        late=(LateStep(days=7, credit=brings[1]), LateStep(days=30, credit=brings[2])),
        later=brings[3],
        waived=waived,
        indicator=tuple(msgspec.structs.replace(own, points=n) for own, n in zip(one.indicator, points, strict=True)),
    )
    pack = msgspec.structs.replace(PACK, schemes=(scheme,))
    held, duties = folded[org_id, year]
    found = Scorer(pack, year).score(duties, held.entries.get(str(year), ()), on, held.overrides(1))
    assert whole(found.total)
    assert sum(part.most for part in found.total.children if part.id in set(Component)) == 10_000
    assert len({leaf.id for leaf in leaves(found.total)}) == len(leaves(found.total))


@pytest.fixture(scope="module")
def folded(books) -> dict[tuple[OrgId, int], tuple[Holding, list[Duty]]]:
    """What scoring rests on, of each branch and year; folded once."""
    reader, found = Reader(PACK), {}
    for org_id in BRANCHES:
        held, _ = reader.fold(books[org_id])
        for year in (2025, 2026):
            ahead = reader.ahead(year)
            found[org_id, year] = held, ahead.duties(held, ahead.of(held, held.overrides(1)))
    return found
