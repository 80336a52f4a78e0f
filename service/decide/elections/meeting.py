"""The election meeting: base, quorum, tellers; the new committee's first meeting (R-B06 to R-B10; INV-021, 023 to 025, 028)."""

import datetime as dt
from typing import Annotated, ClassVar

from events.base import MeetingId, PersonId, Text
from events.elections import (
    Division,
    ElectionId,
    ElectionKind,
    ElectionOpened,
    ElectorExcluded,
    FirstMeetingHeld,
    Ground,
    MeetingConvened,
    Office,
    TellersAppointed,
)
from events.meetings import MeetingHeld, MeetingKind
from projections.standard.rules import Rules
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.elections.candidates import after_approval, once
from service.decide.elections.count import election_rules, electors_needed
from service.decide.elections.state import ELECTION, Election, first_day, last_day, running
from service.decide.meetings.state import MEETING, Meeting, held
from service.decide.roster import ROSTER, Roster
from service.errors import Conflict, Refused


class ExcludeElector(Command, frozen=True, kw_only=True, tag="exclude-elector"):
    """An elector is left out of the number due, for a listed ground (R-B07)."""

    zh: ClassVar[str] = "不计入应到会人数"
    en: ClassVar[str] = "Leave an elector out of the number due"

    election_id: Annotated[ElectionId, label("选举", "Election")]
    person_id: Annotated[PersonId, label("党员", "Member")]
    ground: Annotated[Ground, label("情形", "Ground")]
    consent_no: Annotated[Text, label("上级同意文号", "Superior's consent no.")] = ""
    adopted: Annotated[bool, label("经党员大会通过", "Adopted by the general meeting")] = False


class ConveneElectionMeeting(Command, frozen=True, kw_only=True, tag="convene-election-meeting"):
    """The general meeting that was held is the election meeting; enough electors came (R-B06)."""

    zh: ClassVar[str] = "登记选举大会"
    en: ClassVar[str] = "Record the election meeting"

    election_id: Annotated[ElectionId, label("选举", "Election")]
    meeting_id: Annotated[MeetingId, label("党员大会", "General meeting")]


class AppointTellers(Command, frozen=True, kw_only=True, tag="appoint-tellers"):
    """Tellers and counters are adopted (R-B10)."""

    zh: ClassVar[str] = "确定监票人、计票人"
    en: ClassVar[str] = "Appoint tellers"

    election_id: Annotated[ElectionId, label("选举", "Election")]
    of_committee: Annotated[
        bool,
        label("用于委员会选举书记、副书记", "For the committee's ballot", help_zh="否则用于大会", help_en="Else for the election meeting"),
    ] = False
    chief: Annotated[PersonId, label("总监票人", "Chief teller")]
    tellers: Annotated[tuple[PersonId, ...], label("监票人", "Tellers", max_length=20)] = ()
    counters: Annotated[tuple[PersonId, ...], label("计票人", "Counters", max_length=20)] = ()


class HoldFirstCommitteeMeeting(Command, frozen=True, kw_only=True, tag="hold-first-committee-meeting"):
    """The newly elected committee meets and divides its work (R-B08); in a by-election, the committee as it now is."""

    zh: ClassVar[str] = "登记新一届第一次委员会议"
    en: ClassVar[str] = "Record the first committee meeting"

    election_id: Annotated[ElectionId, label("选举", "Election")]
    chair: Annotated[PersonId, label("主持人", "Chair")]
    recorder: Annotated[PersonId, label("记录人", "Recorder")]
    absent: Annotated[tuple[PersonId, ...], label("缺席委员", "Absent", max_length=15)] = ()
    division: Annotated[tuple[Division, ...], label("委员分工", "Division of work", max_length=15)] = ()
    place: Annotated[Text | None, label("地点", "Place")] = None


def exclude_elector(command: ExcludeElector, context: Context, election: Election, roster: Roster) -> Outcome:
    """INV-025: a listed ground, the superior's consent and the meeting's adoption, all three."""
    day = command.occurred_on
    running(election, command.election_id, day)
    event = ElectorExcluded(
        occurred_on=day,
        election_id=command.election_id,
        person_id=command.person_id,
        ground=command.ground.value,
        consent_no=command.consent_no,
    )
    if command.person_id in election.excluded:
        return []
    if election.convened is not None:
        raise Conflict("the election meeting has been convened")
    roster.must_be_active(command.person_id, day, "person_id")
    if command.person_id not in roster.voters_on(day):
        raise Refused("INV-014", "person_id")
    if int(command.ground.value) not in context.rules.table("election.exclusion_reasons"):
        raise Refused("INV-025", "ground")
    if not command.consent_no:
        raise Refused("INV-025", "consent_no")
    if not command.adopted:
        raise Refused("INV-025", "adopted")
    return [event]


def convene_election_meeting(
    command: ConveneElectionMeeting, context: Context, election: Election, meeting: Meeting, roster: Roster
) -> Outcome:
    """INV-021, 023, 024. Another meeting may be convened while not everybody is elected."""
    day = command.occurred_on
    opened = running(election, command.election_id, day)
    if election.convened is not None and election.convened.meeting_id == command.meeting_id:
        return []
    if election.convened is not None and election.complete:
        raise Conflict("everybody is elected")
    took_place = held(meeting, command.meeting_id)
    if took_place.kind is not MeetingKind.GENERAL or took_place.occurred_on != day:
        raise Conflict(f"meeting {command.meeting_id}: {took_place.kind.en} of {took_place.occurred_on}; a general meeting of {day} elects")
    after_approval(opened, election, day)
    _check_time(opened, election, day, context.rules)
    event = _convened(command, context.rules, election, took_place, roster)
    if event.present < event.quorum:
        raise Refused("INV-024", "meeting_id", detail=f"{event.present}/{event.due}")
    return [event]


def _convened(
    command: ConveneElectionMeeting, rules: Rules, election: Election, took_place: MeetingHeld, roster: Roster
) -> MeetingConvened:
    """Who was left out of the base and came after all is counted like everybody else."""
    electors = roster.voters_on(command.occurred_on)
    present = electors.intersection(took_place.present)
    due = electors - (election.excluded.keys() - present)
    return MeetingConvened(
        occurred_on=command.occurred_on,
        election_id=command.election_id,
        meeting_id=command.meeting_id,
        chair=took_place.chair,
        entitled=len(electors),
        due=len(due),
        present=len(present),
        quorum=electors_needed(len(due), election_rules(rules)),
    )


def _check_time(opened: ElectionOpened, election: Election, day: dt.date, rules: Rules) -> None:
    """INV-023: after the term has ended, or long before, only with the superior's approval."""
    begins, until = first_day(election, opened, rules), last_day(election, opened)
    if (begins is not None and day < begins) or (until is not None and day > until):
        raise Refused("INV-023", "occurred_on", detail=f"{begins} – {until}")


def appoint_tellers(command: AppointTellers, context: Context, election: Election, roster: Roster) -> Outcome:
    """INV-028. The general meeting's are enough in number; in a small committee few are left who do not stand."""
    day = command.occurred_on
    running(election, command.election_id, day)
    once(command.tellers, "tellers")
    event = TellersAppointed(
        occurred_on=day,
        election_id=command.election_id,
        of_committee=command.of_committee,
        chief=command.chief,
        tellers=(command.chief, *(person for person in command.tellers if person != command.chief)),
        counters=command.counters,
    )
    if election.tellers.get(command.of_committee) == event:
        return []
    if election.confirmed is None:
        raise Conflict("the candidates have not been confirmed")
    for field in ("chief", "tellers", "counters"):
        people = (command.chief,) if field == "chief" else getattr(command, field)
        for person in people:
            roster.must_be_active(person, day, field)
        if field != "counters" and (standing := set(people) & _standing(election, of_committee=command.of_committee)):
            raise Refused("INV-028", field, detail=", ".join(sorted(standing)))
    if not command.of_committee and len(event.tellers) < (least := context.rules.number("election.tellers_min")):
        raise Refused("INV-028", "tellers", detail=f">= {least}")
    return [event]


def _standing(election: Election, *, of_committee: bool) -> set[PersonId]:
    """Who stands in the ballots of that meeting."""
    slate = election.confirmed
    assert slate is not None, "tellers are appointed when it is known who stands"
    leading = {*slate.secretary, *slate.deputy}
    return leading if of_committee else {*slate.members, *leading}


def hold_first_committee_meeting(command: HoldFirstCommitteeMeeting, context: Context, election: Election, roster: Roster) -> Outcome:
    """It stands among the meetings, too: INV-016 (one of its own chairs it), INV-024 (it elects)."""
    day = command.occurred_on
    opened = running(election, command.election_id, day)
    due = _new_committee(opened, election, roster, day)
    if election.first_meeting is not None:
        if (election.first_meeting.occurred_on, election.first_meeting.division) == (day, command.division):
            return []
        raise Conflict(f"it was held on {election.first_meeting.occurred_on}")
    if not opened.has_committee:
        raise Refused("INV-004", "election_id")
    after_approval(opened, election, day)
    if election.remaining(Office.COMMITTEE):
        raise Refused("INV-021", "election_id", detail=Office.COMMITTEE.en)
    if election.convened is not None and day < election.convened.occurred_on:
        raise Conflict(f"the election meeting was held on {election.convened.occurred_on}")
    _check_attendance(command, due)
    roster.must_be_active(command.recorder, day, "recorder")
    quorum = electors_needed(len(due), election_rules(context.rules))
    present = tuple(person for person in due if person not in command.absent)
    if len(present) < quorum:
        raise Refused("INV-024", "absent", detail=f"{len(present)}/{len(due)}")
    meeting_id = MeetingId(context.event_ids[0])
    first = FirstMeetingHeld(
        occurred_on=day,
        election_id=command.election_id,
        meeting_id=meeting_id,
        chair=command.chair,
        due=len(due),
        present=len(present),
        quorum=quorum,
        division=command.division,
    )
    return [first, _as_meeting(command, meeting_id, due, present, quorum)]


def _new_committee(opened: ElectionOpened, election: Election, roster: Roster, day: dt.date) -> tuple[PersonId, ...]:
    """The elected; in a by-election, beside those who stay."""
    elected = {winner.person_id for winner in election.winners(Office.COMMITTEE)}
    staying = roster.committee_on(day) if opened.kind is ElectionKind.BY_ELECTION else frozenset()
    return tuple(sorted(elected | staying))


def _check_attendance(command: HoldFirstCommitteeMeeting, due: tuple[PersonId, ...]) -> None:
    once([part.person_id for part in command.division], "division")
    if strangers := set(command.absent) - set(due):
        raise Refused("INV-010", "absent", detail=", ".join(sorted(strangers)))
    if strangers := {part.person_id for part in command.division} - set(due):
        raise Conflict(f"division: not of the committee: {', '.join(sorted(strangers))}")
    if command.chair not in set(due) - set(command.absent):
        raise Refused("INV-016", "chair")


def _as_meeting(
    command: HoldFirstCommitteeMeeting, meeting_id: MeetingId, due: tuple[PersonId, ...], present: tuple[PersonId, ...], quorum: int
) -> MeetingHeld:
    return MeetingHeld(
        occurred_on=command.occurred_on,
        meeting_id=meeting_id,
        kind=MeetingKind.COMMITTEE,
        topic=FirstMeetingHeld.zh,
        chair=command.chair,
        recorder=command.recorder,
        due=due,
        present=present,
        absent=tuple(person for person in due if person in command.absent),
        place=command.place,
        quorum=quorum,
    )


CASES = (
    Case(command=ExcludeElector, right=Right.ELECTION_WRITE, reads=(ELECTION, ROSTER), decide=exclude_elector),
    Case(command=ConveneElectionMeeting, right=Right.ELECTION_WRITE, reads=(ELECTION, MEETING, ROSTER), decide=convene_election_meeting),
    Case(command=AppointTellers, right=Right.ELECTION_WRITE, reads=(ELECTION, ROSTER), decide=appoint_tellers),
    Case(command=HoldFirstCommitteeMeeting, right=Right.ELECTION_WRITE, reads=(ELECTION, ROSTER), decide=hold_first_committee_meeting),
)
