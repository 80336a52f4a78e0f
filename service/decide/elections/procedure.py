"""The procedure of an election: what is done, what comes next, what blocks it and from when (N05; R-A18, R-B17)."""

import datetime as dt
from collections.abc import Iterator

from msgspec.structs import replace

from events.base import Event
from events.elections import ElectionKind, ElectionOpened, Matter, Office, Paper, Recommender
from projections.standard.periods import add_months
from projections.standard.rules import Rules
from service.decide.elections.state import ELECTION, Election, by_committee, first_day, last_day, stream_of, submissions
from service.decide.procedure import Procedure, Progress, Step, done

Why = tuple[str, str]
"""What must come first, in Chinese and English; empty when nothing blocks."""
NOTHING: Why = ("", "")


def _open(code: str, zh: str, en: str, rule: str, command: str, *materials: str) -> Step:
    return Step(code=code, zh=zh, en=en, progress=Progress.OPEN, rule=rule, command=command, materials=materials)


REPLIES = {Matter.FIRST: ("N05.M01.02",), Matter.SECOND: ("N05.M02.05",), Matter.THIRD: ("N24.M01.01",)}
REQUESTS = {Matter.FIRST: ("N05.M01.01",), Matter.SECOND: ("N05.M02.04",), Matter.THIRD: ("N05.M03.15",)}
EXTRA = (Matter.EXTENSION, Matter.EARLY)
MEETING_PAPERS = tuple(f"N05.M03.{number:02d}" for number in (1, 2, 3, 5, 6, 7, 8, 9, 16))
LEADING = (Office.SECRETARY, Office.DEPUTY)


def _requests() -> Iterator[Step]:
    for matter in Matter:
        request, reply = REQUESTS.get(matter, ()), REPLIES.get(matter, ())
        rules = ("N05.T02", "INV-023") if matter in EXTRA else ("N05.T03", "INV-021")
        yield _open(f"request-{matter.value}", matter.zh, matter.en, rules[0], "submit-election-request", *request)
        zh, en = f"{matter.zh}的批复", f"{matter.en}: approval"
        yield _open(f"approval-{matter.value}", zh, en, rules[1], "approve-election-request", *reply)


def _ballots() -> Iterator[Step]:
    for office in Office:
        material = "N05.M03.14" if office in LEADING else "N05.M03.11"
        yield _open(
            f"ballot-{office.value}", f"选举{office.zh}", f"Ballot: {office.en.lower()}", "INV-032", "count-election-ballot", material
        )


PLAN = (
    _open("reminder", "换届提醒", "Reminder", "R-A18", "remind-of-election"),
    *_requests(),
    _open("work-plan", "换届工作方案", "Work plan", "N05.T01", "adopt-election-paper", "N05.M01.03"),
    _open("method", "选举办法", "Election method", "N05.T01", "adopt-election-paper", "N05.M02.01"),
    _open("review", "现任班子民主测评", "Review of the outgoing committee", "N05.T01", "review-incumbents", "N05.M02.02"),
    *(_open(f"recommended-{by.value}", by.zh, by.en, "R-B18", "recommend-candidates", "N05.M02.03") for by in Recommender),
    _open("investigated", "候选人考察", "Investigation of candidates", "R-B18", "investigate-candidate", "N05.M02.03"),
    _open("slate", "提出候选人预备人选", "Preliminary candidates", "INV-026", "propose-slate", "N05.M03.04"),
    _open("confirmed", "确定正式候选人", "Candidates confirmed", "R-B05", "confirm-slate"),
    _open("convened", "召开选举大会", "Election meeting", "INV-024", "convene-election-meeting", *MEETING_PAPERS),
    _open("tellers", "确定监票人、计票人", "Tellers", "INV-028", "appoint-tellers", "N05.M03.10"),
    *_ballots(),
    _open("first-meeting", "新一届第一次委员会议", "First committee meeting", "R-B08", "hold-first-committee-meeting", "N05.M03.13"),
    _open("closed", "归档办结", "Closed", "N05.T01", "close-election", "N05.M03.12"),
)
STEPS = {step.code: step for step in PLAN}
"""What every step is, whatever becomes of it. Of a composite paper each part belongs to the step that makes it."""


def _step(code: str, fact: Event | None, *reasons: Why) -> Step:
    """Done by a fact, else open, else blocked by the first thing that is missing."""
    if fact is not None:
        return done(STEPS[code], fact.occurred_on)
    zh, en = next((why for why in reasons if why != NOTHING), NOTHING)
    return replace(STEPS[code], progress=Progress.BLOCKED if zh else Progress.OPEN, why_zh=zh, why_en=en)


def _before(fact: object, zh: str, en: str) -> Why:
    """What to say while something is missing."""
    return NOTHING if fact else (zh, en)


def steps(election: Election, _subject: str, rules: Rules, today: dt.date) -> tuple[Step, ...]:
    """Every step in order; none when there is no such election."""
    opened = election.opened
    if opened is None:
        return ()
    return (
        *_preparation(election, opened, rules, today),
        *_candidates(election, opened, rules),
        *_poll(election, opened, rules),
        *_result(election, opened, rules),
    )


def _preparation(election: Election, opened: ElectionOpened, rules: Rules, today: dt.date) -> Iterator[Step]:
    ends_on = opened.term_ends_on
    if ends_on is not None:
        reminder = replace(_step("reminder", election.reminded), earliest=add_months(ends_on, -rules.number("election.reminder_months")))
        needless = election.reminded is None and bool(election.submitted)
        yield replace(reminder, progress=Progress.SKIPPED) if needless else reminder
        yield from _other_time(election, ends_on, today)
    if opened.kind is ElectionKind.TERM:
        until = last_day(election, opened)
        latest = until and until - dt.timedelta(days=rules.number("election.stage1_days_before_end"))
        yield from _submission(Matter.FIRST, election, opened, latest)
    yield _step("work-plan", election.papers.get(Paper.WORK_PLAN))
    yield _step("method", election.papers.get(Paper.METHOD))


def _other_time(election: Election, ends_on: dt.date, today: dt.date) -> Iterator[Step]:
    """Postponed or early: shown once it was asked for, and when the term is over without an election."""
    overdue = election.convened is None and today > ends_on
    for matter in EXTRA:
        asked = election.submitted.get(matter)
        if asked is not None or (overdue and matter is Matter.EXTENSION):
            yield _step(f"request-{matter.value}", asked)
            yield _approval(matter, election)


def _approval(matter: Matter, election: Election) -> Step:
    asked = election.submitted.get(matter)
    why = _before(asked, f"{matter.zh}尚未提交", f"Not submitted yet: {matter.en}")
    step = _step(f"approval-{matter.value}", election.approved.get(matter), why)
    return step if asked is None else replace(step, earliest=asked.occurred_on)


def _submission(matter: Matter, election: Election, opened: ElectionOpened, latest: dt.date | None, *ready: Why) -> Iterator[Step]:
    """One of the three, and its approval; each after the approval of the one before (INV-021)."""
    stages = submissions(opened)
    order, earliest = NOTHING, opened.occurred_on
    if matter is not stages[0]:
        before = stages[stages.index(matter) - 1]
        approved = election.approved.get(before)
        order = _before(approved, f"{before.zh}尚未批复", f"Not approved yet: {before.en}")
        earliest = earliest if approved is None else approved.occurred_on
    request = _step(f"request-{matter.value}", election.submitted.get(matter), order, *ready)
    yield replace(request, earliest=earliest, latest=latest)
    yield _approval(matter, election)


def _candidates(election: Election, opened: ElectionOpened, rules: Rules) -> Iterator[Step]:
    recommended: list[Why] = []
    if opened.kind is ElectionKind.TERM:
        yield _step("review", election.review)
        for by in Recommender:
            yield _step(f"recommended-{by.value}", election.recommended.get(by))
            recommended.append(_before(by in election.recommended, f"尚无{by.zh}", f"No recommendation yet: {by.en.lower()}"))
        yield _investigation(election)
    yield _step("slate", election.proposed)
    planned = election.papers.get(Paper.WORK_PLAN)
    day = None if planned is None else planned.planned_on
    latest = day and day - dt.timedelta(days=rules.number("election.stage2_days_before_meeting"))
    slate = _before(election.proposed, "尚未提出候选人预备人选", "No candidates have been proposed")
    yield from _submission(Matter.SECOND, election, opened, latest, *recommended, slate)
    yield _step("confirmed", election.confirmed, _agreed(election))


def _agreed(election: Election) -> Why:
    return _before(election.approved.get(Matter.SECOND), "候选人预备人选尚未批复", "The superior has not agreed to the candidates")


def _investigation(election: Election) -> Step:
    """Done when everybody on the slate, or until there is one everybody recommended, has been looked into."""
    slate = election.proposed
    recommended = {one.person_id for by in election.recommended.values() for one in by.people}
    wanted = recommended if slate is None else {*slate.members, *slate.secretary, *slate.deputy}
    looked = [fact for person, fact in election.investigated.items() if person in wanted]
    last = max(looked, key=lambda one: one.occurred_on) if wanted and len(looked) == len(wanted) else None
    return _step("investigated", last, _before(recommended, "尚无推荐人选", "Nobody has been recommended"))


def _poll(election: Election, opened: ElectionOpened, rules: Rules) -> Iterator[Step]:
    """The general meeting, unless only the committee has somebody to elect."""
    in_committee = by_committee(opened, rules)
    if opened.seats or not in_committee:
        second = election.approved.get(Matter.SECOND)
        begins = [day for day in (second.occurred_on if second else None, first_day(election, opened, rules)) if day is not None]
        convened = _step("convened", election.convened, _agreed(election))
        yield replace(convened, earliest=max(begins, default=None), latest=last_day(election, opened))
        confirmed = _before(election.confirmed, "正式候选人尚未确定", "The candidates are not confirmed")
        tellers = election.tellers.get(False)
        yield _step("tellers", tellers, confirmed)
        met = _before(election.convened, "选举大会尚未召开", "The election meeting has not been held")
        watched = _before(tellers, "监票人尚未确定", "No tellers have been appointed")
        for office in (Office.COMMITTEE, Office.DELEGATE, *(() if in_committee else opened.posts)):
            yield from _ballot(office, election, met, confirmed, watched)
    if opened.has_committee and opened.kind is not ElectionKind.DELEGATES:
        yield from _committee_meets(election, opened, in_committee=in_committee)


def _committee_meets(election: Election, opened: ElectionOpened, *, in_committee: bool) -> Iterator[Step]:
    chosen = _before(not election.remaining(Office.COMMITTEE), "委员尚未选出", "The committee has not been elected")
    yield _step("first-meeting", election.first_meeting, chosen, _agreed(election))
    for office in opened.posts if in_committee else ():
        yield from _ballot(office, election, _before(election.first_meeting, "第一次委员会议尚未召开", "The committee has not met"))


def _ballot(office: Office, election: Election, *reasons: Why) -> Iterator[Step]:
    """Done when the last place is filled; after a ballot that filled less, it says why another is needed."""
    if not election.places(office):
        return
    counts = election.counted(office)
    if not counts:
        yield _step(f"ballot-{office.value}", None, *reasons)
    elif not election.remaining(office):
        yield _step(f"ballot-{office.value}", counts[-1])
    else:
        zh, en, rule = _again(office, election)
        yield replace(STEPS[f"ballot-{office.value}"], why_zh=zh, why_en=en, rule=rule)


def _again(office: Office, election: Election) -> tuple[str, str, str]:
    """Why another ballot is needed."""
    if election.counted(office)[-1].void:
        return "选举无效，须重新选举", "The ballot was void: hold it again", "INV-030"
    if election.tied(office):
        return "得票相同，须就票数相等者重新投票", "A tie: a run-off is needed", "INV-033"
    return "当选人数不足，须另行选举", "Too few were elected: elect the rest", "INV-032"


def _result(election: Election, opened: ElectionOpened, rules: Rules) -> Iterator[Step]:
    day = election.counts[-1].occurred_on if election.counts else None
    latest = day and day + dt.timedelta(days=rules.number("election.stage3_days_after"))
    ready = _before(election.complete, "选举尚未完成", "Not everybody has been elected")
    yield from _submission(Matter.THIRD, election, opened, latest, ready)
    yield _step("closed", election.closed, _before(election.approved.get(Matter.THIRD), "选举结果尚未批复", "The result is not approved"))


PROCEDURES = (
    Procedure(
        kind="election",
        zh="换届选举",
        en="Election",
        stream=stream_of,
        fold=ELECTION,
        steps=steps,
        title=lambda election, subject: subject if election.opened is None else str(election.opened.occurred_on),
    ),
)
