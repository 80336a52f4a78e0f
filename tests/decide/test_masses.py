"""Mass work: opinions, questionnaires, research, visits, village aid, service (N02.T05, N03.T04, N06; INV-002, INV-009)."""

import datetime as dt
from typing import Any

import pytest

from events.masses import (
    Adoption,
    AskedBy,
    HouseholdsVisited,
    LedBy,
    MassEntryId,
    MassEntryWithdrawn,
    MassPlanAdopted,
    MassPlanKind,
    OpinionHandled,
    QuestionnaireCompleted,
    ResearchReportFiled,
    VillageAidEnded,
    VolunteerServiceDone,
)
from service.decide.masses.entries import WithdrawMassEntry
from service.decide.masses.fieldwork import (
    AdoptMassPlan,
    FileResearchReport,
    RecordHouseholdVisit,
    RecordResearchTrip,
    RecordVolunteerService,
)
from service.decide.masses.opinions import HandleOpinion, OpenSolicitation, RecordOpinion, RecordQuestionnaire
from service.decide.masses.village import AssignVillageAid, EndVillageAid, LogVillageAid
from service.errors import Absent, Conflict, Malformed
from tests.decide.bdd import fails, given, nothing, refused
from tests.decide.roster_history import AFTER, ANN, BEFORE, BEN, DAY, GUS, NEO
from tests.decide.work_history import BRANCH, LONG_AGO, M1, NEXT, O1, P1, R1, S1, held, logged, opinion, posted, solicited, trip

NEW = MassEntryId("event-1")


def withdrawn(entry: str, what: str, on: dt.date = BEFORE) -> MassEntryWithdrawn:
    return MassEntryWithdrawn(occurred_on=DAY, entry_id=MassEntryId(entry), what=what, happened_on=on, reason="重复登记")


class TestOpenSolicitation:
    COMMAND = OpenSolicitation(occurred_on=BEFORE, topic="上半年征求意见", method=AskedBy.FORUM, audience="全体党员和服务对象")

    def test_a_round_begins(self):
        given().when(self.COMMAND).then(solicited("event-1"))

    def test_the_same_id_told_again_is_nothing_to_do(self):
        command = OpenSolicitation(
            occurred_on=BEFORE, topic="上半年征求意见", method=AskedBy.FORUM, audience="全体党员和服务对象", entry_id=MassEntryId("s1")
        )
        given(solicited()).when(command).then(nothing)

    def test_the_id_of_another_entry_is_a_conflict(self):
        command = OpenSolicitation(occurred_on=BEFORE, topic="别的", method=AskedBy.FORUM, audience="党员", entry_id=MassEntryId("s1"))
        given(solicited()).when(command).then(fails(Conflict, "something else is recorded as s1"))

    def test_it_does_not_end_before_it_begins(self):
        command = OpenSolicitation(occurred_on=DAY, topic="一", method=AskedBy.FORUM, audience="党员", until=BEFORE)
        given().when(command).then(fails(Malformed, "until"))

    def test_it_may_end_on_its_first_day(self):
        command = OpenSolicitation(occurred_on=BEFORE, topic="一", method=AskedBy.FORUM, audience="党员", until=BEFORE)
        given().when(command).then(solicited("event-1", topic="一", audience="党员", until=BEFORE))


def record(**changed: Any) -> RecordOpinion:
    told: dict[str, Any] = {"occurred_on": BEFORE, "method": AskedBy.VISIT, "source": "服务对象", "content": "办事大厅延长开放时间"}
    return RecordOpinion(**(told | changed))


class TestRecordOpinion:
    def test_by_itself(self):
        given().when(record()).then(opinion("event-1"))

    def test_in_a_round_it_bears_the_topic(self):
        expected = opinion("event-1", solicitation_id=S1, batch="上半年征求意见")
        given(solicited()).when(record(solicitation_id=S1)).then(expected)

    def test_in_a_round_that_is_not_on_record(self):
        given(opinion("s1")).when(record(solicitation_id=S1)).then(fails(Absent, "masses.solicitation_opened s1"))

    def test_in_a_round_that_had_not_begun(self):
        given(solicited(occurred_on=DAY)).when(record(solicitation_id=S1)).then(fails(Malformed, "occurred_on"))

    def test_in_a_round_that_was_withdrawn(self):
        given(solicited(), withdrawn("s1", "masses.solicitation_opened")).when(record(solicitation_id=S1)).then(
            fails(Conflict, "s1 was withdrawn")
        )

    def test_twice_is_once(self):
        given(opinion()).when(record(entry_id=MassEntryId("o1"))).then(nothing)


class TestHandleOpinion:
    COMMAND = HandleOpinion(occurred_on=DAY, opinion_id=O1, adoption=Adoption.PARTLY, note="延长至六点")
    DONE = OpinionHandled(occurred_on=DAY, opinion_id=O1, said_on=BEFORE, adoption=Adoption.PARTLY, note="延长至六点")

    def test_it_bears_the_day_on_which_it_was_said(self):
        given(opinion()).when(self.COMMAND).then(self.DONE)

    def test_twice_is_once(self):
        given(opinion(), self.DONE).when(self.COMMAND).then(nothing)

    def test_another_word_replaces_the_first(self):
        command = HandleOpinion(occurred_on=DAY, opinion_id=O1, adoption=Adoption.ADOPTED)
        given(opinion(), self.DONE).when(command).then(
            OpinionHandled(occurred_on=DAY, opinion_id=O1, said_on=BEFORE, adoption=Adoption.ADOPTED)
        )

    def test_of_an_opinion_nobody_recorded(self):
        given(solicited("o1")).when(self.COMMAND).then(fails(Absent, "masses.opinion_recorded o1"))


class TestRecordQuestionnaire:
    @pytest.mark.parametrize("counts", [(10, 10, 10), (10, 8, 7), (0, 0, 0)])
    def test_valid_returned_issued(self, counts: tuple[int, int, int]):
        issued, returned, valid = counts
        command = RecordQuestionnaire(occurred_on=DAY, topic="满意度", issued=issued, returned=returned, valid=valid)
        given().when(command).then(
            QuestionnaireCompleted(occurred_on=DAY, entry_id=NEW, topic="满意度", issued=issued, returned=returned, valid=valid)
        )

    @pytest.mark.parametrize("counts", [(10, 11, 10), (10, 8, 9)])
    def test_no_more_come_back_than_went_out(self, counts: tuple[int, int, int]):
        issued, returned, valid = counts
        command = RecordQuestionnaire(occurred_on=DAY, topic="满意度", issued=issued, returned=returned, valid=valid)
        given().when(command).then(fails(Malformed, "valid <= returned <= issued"))

    def test_twice_is_once(self):
        done = QuestionnaireCompleted(occurred_on=DAY, entry_id=MassEntryId("q"), topic="满意度", issued=2, returned=1, valid=1)
        command = RecordQuestionnaire(occurred_on=DAY, topic="满意度", issued=2, returned=1, valid=1, entry_id=MassEntryId("q"))
        given(done).when(command).then(nothing)


def go(**changed: Any) -> RecordResearchTrip:
    told: dict[str, Any] = {
        "occurred_on": BEFORE, "led_by": LedBy.DEPARTMENT_LEADER, "leader": "副部长", "topic": "基层减负", "place": "东湖村",
        "people": (ANN, BEN), "findings": "报表重复",
    }  # fmt: skip
    return RecordResearchTrip(**(told | changed))


class TestRecordResearchTrip:
    def test_on_a_set_topic(self):
        given(BRANCH).when(go()).then(trip("event-1"))

    def test_twice_is_once(self):
        given(BRANCH, trip()).when(go(entry_id=MassEntryId("r1"))).then(nothing)

    def test_INV_002_with_somebody_who_is_not_here(self):
        given(BRANCH).when(go(people=(ANN, NEO))).then(refused("INV-002", "people"))

    def test_INV_009_with_somebody_who_has_left(self):
        given(BRANCH).when(go(people=(GUS,))).then(refused("INV-009", "people"))

    def test_it_does_not_end_before_it_begins(self):
        given(BRANCH).when(go(until=LONG_AGO)).then(fails(Malformed, "until"))


class TestFileResearchReport:
    OF_TRIP = FileResearchReport(occurred_on=DAY, research_id=R1, title="减负调研报告")
    FILED = ResearchReportFiled(occurred_on=DAY, research_id=R1, began_on=BEFORE, title="减负调研报告")

    def test_of_a_trip(self):
        given(trip()).when(self.OF_TRIP).then(self.FILED)

    def test_of_a_round_of_opinions(self):
        command = FileResearchReport(occurred_on=DAY, solicitation_id=S1, title="意见汇总")
        given(solicited()).when(command).then(ResearchReportFiled(occurred_on=DAY, solicitation_id=S1, began_on=BEFORE, title="意见汇总"))

    def test_twice_is_once(self):
        given(trip(), self.FILED).when(self.OF_TRIP).then(nothing)

    def test_a_later_one_replaces_it(self):
        command = FileResearchReport(occurred_on=AFTER, research_id=R1, title="修订稿")
        given(trip(), self.FILED).when(command).then(
            ResearchReportFiled(occurred_on=AFTER, research_id=R1, began_on=BEFORE, title="修订稿")
        )

    @pytest.mark.parametrize("both", [True, False])
    def test_of_one_thing(self, both: bool):
        research, round_ = (R1, S1) if both else (None, None)
        command = FileResearchReport(occurred_on=DAY, research_id=research, solicitation_id=round_, title="一")
        given(trip(), solicited()).when(command).then(fails(Malformed, "research_id or solicitation_id"))

    def test_of_a_trip_that_is_not_on_record(self):
        given(solicited("r1")).when(self.OF_TRIP).then(fails(Absent))


def visit(**changed: Any) -> RecordHouseholdVisit:
    told: dict[str, Any] = {"occurred_on": DAY, "people": (ANN, BEN), "village": "东湖村", "households": 5, "work": "了解收入"}
    return RecordHouseholdVisit(**(told | changed))


class TestRecordHouseholdVisit:
    DONE = HouseholdsVisited(occurred_on=DAY, entry_id=NEW, people=(ANN, BEN), village="东湖村", households=5, work="了解收入")

    def test_from_house_to_house(self):
        given(BRANCH).when(visit()).then(self.DONE)

    def test_twice_is_once(self):
        given(BRANCH, self.DONE).when(visit(entry_id=NEW)).then(nothing)

    def test_at_least_one(self):
        given(BRANCH).when(visit(households=0)).then(fails(Malformed, "households"))

    def test_INV_009_by_somebody_who_has_left(self):
        given(BRANCH).when(visit(people=(ANN, GUS))).then(refused("INV-009", "people"))


class TestAdoptMassPlan:
    def test_adopted_by_a_meeting(self):
        command = AdoptMassPlan(occurred_on=DAY, kind=MassPlanKind.VILLAGE_AID, title="帮扶计划", content="年度帮扶", meeting_id=M1)
        given(held()).when(command).then(
            MassPlanAdopted(
                occurred_on=DAY,
                entry_id=NEW,
                kind=MassPlanKind.VILLAGE_AID,
                title="帮扶计划",
                content="年度帮扶",
                meeting_id=M1,
                met_on=BEFORE,
            )
        )

    def test_by_a_meeting_that_was_not_held(self):
        command = AdoptMassPlan(occurred_on=DAY, kind=MassPlanKind.SERVICE, title="方案", content="一", meeting_id=M1)
        given().when(command).then(fails(Absent, "meeting m1"))

    def test_by_a_meeting_of_a_later_day(self):
        command = AdoptMassPlan(occurred_on=DAY, kind=MassPlanKind.SERVICE, title="方案", content="一", meeting_id=M1)
        given(held(on=AFTER)).when(command).then(fails(Conflict))

    def test_without_a_meeting_and_twice_is_once(self):
        command = AdoptMassPlan(occurred_on=DAY, kind=MassPlanKind.SERVICE, title="方案", content="一", entry_id=MassEntryId("n"))
        done = MassPlanAdopted(occurred_on=DAY, entry_id=MassEntryId("n"), kind=MassPlanKind.SERVICE, title="方案", content="一")
        given().when(command).then(done)
        given(done).when(command).then(nothing)


def serve(**changed: Any) -> RecordVolunteerService:
    told: dict[str, Any] = {"occurred_on": DAY, "project": "清洁家园", "place": "北湖公园", "people": (ANN, BEN), "minutes": 120}
    return RecordVolunteerService(**(told | changed))


class TestRecordVolunteerService:
    DONE = VolunteerServiceDone(occurred_on=DAY, entry_id=NEW, project="清洁家园", place="北湖公园", people=(ANN, BEN), minutes=120)

    def test_members_together(self):
        given(BRANCH).when(serve()).then(self.DONE)

    def test_twice_is_once(self):
        given(BRANCH, self.DONE).when(serve(entry_id=NEW)).then(nothing)

    def test_INV_002_with_a_stranger(self):
        given(BRANCH).when(serve(people=(NEO,))).then(refused("INV-002", "people"))


def post(**changed: Any) -> AssignVillageAid:
    told: dict[str, Any] = {"occurred_on": LONG_AGO, "person_id": ANN, "village": "东湖村"}
    return AssignVillageAid(**(told | changed))


ENDED = VillageAidEnded(occurred_on=DAY, posting_id=P1, person_id=ANN, reason="轮换")


class TestAssignVillageAid:
    def test_a_member_is_posted(self):
        given(BRANCH).when(post()).then(posted("event-1"))

    def test_twice_is_once(self):
        given(BRANCH, posted()).when(post(entry_id=MassEntryId("p1"))).then(nothing)

    def test_INV_009_somebody_who_has_left(self):
        given(BRANCH).when(post(person_id=GUS, occurred_on=DAY)).then(refused("INV-009", "person_id"))

    def test_in_one_village_at_a_time(self):
        given(BRANCH, posted()).when(post(occurred_on=DAY, village="西湖村")).then(fails(Conflict, "posted to a village already"))

    def test_in_another_village_after_coming_back(self):
        given(BRANCH, posted(), ENDED).when(post(occurred_on=DAY, village="西湖村")).then(
            posted("event-1", occurred_on=DAY, village="西湖村")
        )

    def test_an_earlier_posting_recorded_late(self):
        earlier = LONG_AGO - dt.timedelta(days=300)
        until = LONG_AGO - dt.timedelta(days=1)
        given(BRANCH, posted()).when(post(occurred_on=earlier, until=until)).then(posted("event-1", occurred_on=earlier, until=until))

    def test_somebody_else_at_the_same_time(self):
        given(BRANCH, posted()).when(post(person_id=BEN)).then(posted("event-1", person_id=BEN))

    def test_it_does_not_end_before_it_begins(self):
        given(BRANCH).when(post(until=LONG_AGO - dt.timedelta(days=1))).then(fails(Malformed, "until"))

    def test_a_posting_that_was_withdrawn_keeps_nobody_away(self):
        gone = withdrawn("p1", "masses.village_aid_assigned", LONG_AGO)
        given(BRANCH, posted(), gone).when(post(occurred_on=DAY)).then(posted("event-1", occurred_on=DAY))


def log(**changed: Any) -> LogVillageAid:
    told: dict[str, Any] = {"occurred_on": BEFORE, "posting_id": P1, "work": "走访脱贫户", "households": 3}
    return LogVillageAid(**(told | changed))


class TestLogVillageAid:
    def test_the_member_comes_from_the_posting(self):
        given(posted()).when(log()).then(logged("event-1"))

    def test_twice_is_once(self):
        given(posted(), logged()).when(log(entry_id=MassEntryId("l1"))).then(nothing)

    def test_without_a_posting(self):
        given().when(log()).then(fails(Absent, "masses.village_aid_assigned p1"))

    def test_before_the_posting(self):
        given(posted(occurred_on=DAY)).when(log()).then(fails(Malformed, "occurred_on"))

    def test_on_the_last_day_but_not_after(self):
        given(posted(), ENDED).when(log(occurred_on=DAY)).then(logged("event-1", occurred_on=DAY))
        given(posted(), ENDED).when(log(occurred_on=AFTER)).then(fails(Conflict, "the posting ended"))


class TestEndVillageAid:
    COMMAND = EndVillageAid(occurred_on=DAY, posting_id=P1, reason="轮换")

    def test_the_member_comes_back(self):
        given(posted(), logged()).when(self.COMMAND).then(ENDED)

    def test_twice_is_once(self):
        given(posted(), ENDED).when(self.COMMAND).then(nothing)

    def test_another_end_is_a_conflict(self):
        other = EndVillageAid(occurred_on=NEXT, posting_id=P1, reason="轮换")
        given(posted(), ENDED).when(other).then(fails(Conflict, "ended on"))

    def test_not_before_the_last_log(self):
        given(posted(), logged(occurred_on=AFTER), logged("l2")).when(self.COMMAND).then(fails(Malformed, "before the log"))


class TestWithdrawMassEntry:
    def command(self, entry: str, on: dt.date = DAY) -> WithdrawMassEntry:
        return WithdrawMassEntry(occurred_on=on, entry_id=MassEntryId(entry), reason="重复登记")

    def test_it_names_what_it_was_and_when(self):
        given(opinion()).when(self.command("o1")).then(withdrawn("o1", "masses.opinion_recorded"))

    def test_twice_is_once(self):
        given(opinion(), withdrawn("o1", "masses.opinion_recorded")).when(self.command("o1")).then(nothing)

    def test_what_is_not_on_record(self):
        given().when(self.command("o1")).then(fails(Absent, "o1"))

    def test_not_before_it_happened(self):
        given(opinion(occurred_on=DAY)).when(self.command("o1", BEFORE)).then(fails(Malformed, "occurred_on"))

    def test_a_posting_with_logs_is_ended_instead(self):
        given(posted(), logged()).when(self.command("p1")).then(fails(Conflict, "record its end instead"))

    def test_a_posting_without_logs(self):
        given(posted()).when(self.command("p1")).then(withdrawn("p1", "masses.village_aid_assigned", LONG_AGO))

    def test_its_id_is_not_used_again(self):
        given(opinion(), withdrawn("o1", "masses.opinion_recorded")).when(record(entry_id=MassEntryId("o1"))).then(fails(Conflict))
