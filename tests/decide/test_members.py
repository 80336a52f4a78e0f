"""Members registered, changed, grouped, converted (INV-001, INV-002, INV-003, INV-009), each allowed, refused, nothing to do."""

import datetime as dt
from typing import Any

import pytest

from events.base import Claim, LetterId, PersonId
from events.members import (
    MemberAssignedToGroup,
    MemberConverted,
    MemberProfileChanged,
    MemberRegistered,
    MembershipReinstated,
    MemberStatus,
    MemberTransferredOut,
    Sex,
)
from events.organisations import Post
from service.decide.members.roll import AssignMemberToGroup, ChangeMemberProfile, ConvertMember, RegisterMember, checked_id_number
from service.decide.roster import Roster, evolve
from service.errors import Absent, Malformed, Refused
from tests.decide.bdd import blind, fails, given, nothing, refused
from tests.decide.roster_history import (
    AFTER,
    ANN,
    BEFORE,
    BEN,
    DAY,
    FOUNDED_ON,
    ID_NUMBER,
    NEO,
    NORTH,
    SOUTH,
    converted,
    founded,
    group,
    left,
    member,
    probationer,
    seated,
    seats,
    suspended,
)

BIRTHDAY = dt.date(1980, 5, 17)
NOBODY: frozenset[PersonId] = frozenset()


def register(**changed: Any) -> RegisterMember:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "name": " 安某 ",
        "sex": Sex.FEMALE,
        "nationality": "01",
        "born_on": BIRTHDAY,
        "education": "21",
        "status": MemberStatus.FULL,
        "admitted_on": dt.date(2010, 7, 1),
        "full_on": dt.date(2011, 7, 1),
    }
    return RegisterMember(**(told | changed))


def registered(**changed: Any) -> MemberRegistered:
    told: dict[str, Any] = {"occurred_on": DAY, "joined_on": DAY, "name": "安某"}
    return member(PersonId("event-1"), **(told | changed))


class TestRegisterMember:
    def test_a_member_is_put_on_the_roll_and_named_by_that_event(self):
        given(founded()).when(register()).then(registered())

    def test_with_all_the_columns_of_the_roll(self):
        more: dict[str, Any] = {
            "native_place": "例省例市",
            "work_post": "011",
            "unit_and_post": "办公室主任",
            "phone": "10000000001",
            "address": "例路1号",
            "group_id": NORTH,
            "mobile": True,
            "hardship": True,
            "remark": "无",
        }
        given(founded(), group(NORTH)).when(register(**more, id_number=ID_NUMBER, started_work_on=dt.date(2002, 8, 1), person_id=ANN)).then(
            member(
                ANN,
                occurred_on=DAY,
                joined_on=DAY,
                name="安某",
                id_number=ID_NUMBER,
                id_index=blind(ID_NUMBER),
                started_work="2002-08",
                **more,
            )
        )

    def test_a_probationary_member(self):
        given(founded()).when(register(status=MemberStatus.PROBATIONARY, full_on=None)).then(
            registered(status=MemberStatus.PROBATIONARY, full_on=None)
        )

    def test_only_in_a_branch_that_was_founded(self):
        given().when(register()).then(fails(Absent))

    def test_it_takes_the_person_and_the_number(self):
        assert member(ANN, id_index=blind(ID_NUMBER)).claims() == (
            Claim(kind="member", value=ANN),
            Claim(kind="id-number", value=blind(ID_NUMBER)),
        )
        assert member(ANN).claims() == (Claim(kind="member", value=ANN),)


class TestAMemberBelongsToOneBranch:
    """INV-001; in other branches the claims of the events see to it."""

    def test_not_twice(self):
        given(founded(), member(ANN)).when(register(person_id=ANN)).then(refused("INV-001", "person_id"))

    def test_not_before_the_day_of_leaving(self):
        given(founded(), member(ANN), left(ANN, AFTER)).when(register(person_id=ANN)).then(refused("INV-001", "person_id"))

    def test_again_after_leaving(self):
        given(founded(), member(ANN), left(ANN, DAY)).when(register(person_id=ANN)).then(
            member(ANN, occurred_on=DAY, joined_on=DAY, name="安某")
        )

    def test_leaving_gives_the_claims_back(self):
        index = blind(ID_NUMBER)
        gone = MemberTransferredOut(occurred_on=DAY, person_id=ANN, letter_id=LetterId("l1"), to_name="外单位", id_index=index)
        for event in (gone, left(ANN, id_index=index)):
            assert event.claims() == (Claim(kind="member", value=ANN, give=True), Claim(kind="id-number", value=index, give=True))


class TestIdNumber:
    """Check digit and birthday; the region may be one that is not assigned."""

    def test_it_is_taken_without_blanks_and_with_a_large_x(self):
        assert checked_id_number(f" {ID_NUMBER} ", BIRTHDAY) == ID_NUMBER
        assert checked_id_number("99010119800517004x") == "99010119800517004X"

    @pytest.mark.parametrize(
        ("number", "reason"),
        [
            ("990101198005170016", "wrong check digit"),
            ("99010119800517001", "18 characters"),
            ("99010119800517A015", "18 characters"),
            ("", "18 characters"),
            ("990101198013170015", "not valid"),
        ],
    )
    def test_refused(self, number, reason):
        given(founded()).when(register(id_number=number)).then(fails(Malformed, reason))

    def test_it_agrees_with_the_birthday(self):
        given(founded()).when(register(id_number=ID_NUMBER, born_on=dt.date(1980, 5, 18))).then(fails(Malformed, "born_on"))


class TestWhatCannotBe:
    @pytest.mark.parametrize(
        ("changed", "reason"),
        [
            ({"admitted_on": BIRTHDAY}, "admitted_on lies before born_on"),
            ({"full_on": dt.date(2010, 6, 30)}, "full_on lies before admitted_on"),
            ({"full_on": None}, "full_on is given for full members"),
            ({"status": MemberStatus.PROBATIONARY}, "full_on is given for full members"),
            ({"nationality": "57"}, "nationality: there is no code 57"),
            ({"education": "99"}, "education: there is no code 99"),
            ({"work_post": "01"}, "work_post: there is no code 01"),
        ],
    )
    def test_refused(self, changed, reason):
        given(founded()).when(register(**changed)).then(fails(Malformed, reason))


class TestOneGroup:
    """INV-003."""

    def test_none_where_the_branch_has_none(self):
        given(founded()).when(register(group_id=NORTH)).then(refused("INV-003", "group_id"))

    def test_one_where_it_has_groups(self):
        given(founded(), group(NORTH)).when(register()).then(refused("INV-003", "group_id"))
        given(founded(), group(NORTH)).when(register(group_id=NORTH)).then(registered(group_id=NORTH))

    def test_one_that_there_is_on_that_day(self):
        given(founded(), group(NORTH), group(SOUTH, AFTER)).when(register(group_id=SOUTH)).then(refused("INV-003", "group_id"))


class TestAssignMemberToGroup:
    COMMAND = AssignMemberToGroup(occurred_on=DAY, person_id=ANN, group_id=NORTH)
    EVENT = MemberAssignedToGroup(occurred_on=DAY, person_id=ANN, group_id=NORTH)

    def test_into_a_group(self):
        given(founded(), member(ANN), group(NORTH)).when(self.COMMAND).then(self.EVENT)

    def test_from_one_group_into_another(self):
        given(founded(), group(SOUTH), member(ANN, group_id=SOUTH), group(NORTH)).when(self.COMMAND).then(self.EVENT)

    def test_who_is_in_it_already_is_nothing_new(self):
        given(founded(), member(ANN), group(NORTH), self.EVENT).when(self.COMMAND).then(nothing)

    def test_not_into_a_group_that_is_not_there(self):
        given(founded(), member(ANN)).when(self.COMMAND).then(refused("INV-003", "group_id"))

    def test_not_a_stranger(self):
        given(founded(), group(NORTH)).when(self.COMMAND).then(refused("INV-002", "person_id"))

    def test_not_before_joining(self):
        given(founded(), member(ANN, joined_on=AFTER), group(NORTH)).when(self.COMMAND).then(refused("INV-002", "person_id"))

    @pytest.mark.parametrize("over", [left(ANN), suspended(ANN)])
    def test_not_after_it_is_over(self, over):
        given(founded(), member(ANN), group(NORTH), over).when(self.COMMAND).then(refused("INV-009", "person_id"))

    @pytest.mark.parametrize("over", [left(ANN, DAY), suspended(ANN, DAY)])
    def test_on_the_last_day_still(self, over):
        given(founded(), member(ANN), group(NORTH), over).when(self.COMMAND).then(self.EVENT)


def change(**changed: Any) -> ChangeMemberProfile:
    told: dict[str, Any] = {"occurred_on": DAY, "person_id": ANN, "reason": "本人申报"}
    return ChangeMemberProfile(**(told | changed))


def changed(**changes: Any) -> MemberProfileChanged:
    told: dict[str, Any] = {"occurred_on": DAY, "person_id": ANN, "reason": "本人申报"}
    return MemberProfileChanged(**(told | changes))


class TestChangeMemberProfile:
    def test_what_changed_and_why(self):
        given(founded(), member(ANN)).when(change(phone="10000000002", education="12", mobile=True)).then(
            changed(phone="10000000002", education="12", mobile=True)
        )

    def test_what_is_so_already_is_nothing_new(self):
        given(founded(), member(ANN, work_post="011")).when(change(work_post="011", education="21", mobile=False)).then(nothing)

    def test_nothing_given_is_nothing_to_do(self):
        given(founded(), member(ANN)).when(change()).then(nothing)

    def test_not_of_a_stranger(self):
        given(founded()).when(change(education="12")).then(refused("INV-002", "person_id"))

    def test_not_after_it_is_over(self):
        given(founded(), member(ANN), left(ANN)).when(change(education="12")).then(refused("INV-009", "person_id"))

    def test_only_codes_of_the_official_lists(self):
        given(founded(), member(ANN)).when(change(education="99")).then(fails(Malformed, "education: there is no code 99"))


class TestWhatWasWrongIsPutRight:
    def test_dates_of_a_life(self):
        given(founded(), member(ANN)).when(change(admitted_on=dt.date(2010, 8, 1), full_on=dt.date(2011, 8, 1))).then(
            changed(admitted_on=dt.date(2010, 8, 1), full_on=dt.date(2011, 8, 1))
        )

    @pytest.mark.parametrize(
        ("wrong", "reason"),
        [
            ({"admitted_on": dt.date(2011, 7, 2)}, "full_on lies before admitted_on"),
            ({"born_on": dt.date(2010, 7, 1)}, "admitted_on lies before born_on"),
        ],
    )
    def test_in_their_order(self, wrong, reason):
        given(founded(), member(ANN)).when(change(**wrong)).then(fails(Malformed, reason))

    def test_a_probationary_member_has_no_day_of_conversion(self):
        given(founded(), probationer()).when(change(person_id=NEO, full_on=DAY)).then(fails(Malformed, "full_on"))

    def test_the_day_of_conversion_moves_with_it(self):
        history = (founded(), probationer(), converted(on=BEFORE))
        corrected = changed(person_id=NEO, full_on=AFTER)
        given(*history).when(change(person_id=NEO, full_on=AFTER)).then(corrected)
        roster = fold(*history, corrected)
        assert [roster.voters_on(day) for day in (DAY, AFTER)] == [NOBODY, {NEO}]

    def test_an_id_number_that_was_missing(self):
        given(founded(), member(ANN)).when(change(id_number=ID_NUMBER)).then(changed(id_number=ID_NUMBER, id_index=blind(ID_NUMBER)))

    def test_the_old_number_is_free_again_and_the_new_one_taken(self):
        history = (founded(), member(ANN, id_number="wrong", id_index=blind("wrong")))
        corrected = changed(id_number=ID_NUMBER, id_index=blind(ID_NUMBER), replaced_index=blind("wrong"))
        given(*history).when(change(id_number=ID_NUMBER)).then(corrected)
        assert corrected.claims() == (
            Claim(kind="id-number", value=blind("wrong"), give=True),
            Claim(kind="id-number", value=blind(ID_NUMBER)),
        )
        assert fold(*history, corrected).members[ANN].profile.id_index == blind(ID_NUMBER)

    def test_the_same_number_is_nothing_new(self):
        sealed = member(ANN, id_number="~1|ann|e|id_number|x", id_index=blind(ID_NUMBER))
        given(founded(), sealed).when(change(id_number=ID_NUMBER)).then(nothing)

    def test_number_and_month_of_birth_agree(self):
        given(founded(), member(ANN, born_month="1981-05")).when(change(id_number=ID_NUMBER)).then(fails(Malformed, "born_on"))
        given(founded(), member(ANN, born_month="1981-05")).when(change(id_number=ID_NUMBER, born_on=BIRTHDAY)).then(
            changed(id_number=ID_NUMBER, id_index=blind(ID_NUMBER), born_month="1980-05")
        )

    def test_other_changes_claim_nothing(self):
        assert changed(education="12").claims() == ()


class TestConvertMember:
    COMMAND = ConvertMember(occurred_on=DAY, person_id=NEO, approval_no="部发〔2026〕4号")

    def test_a_probationary_member_becomes_a_full_one(self):
        given(founded(), probationer()).when(self.COMMAND).then(
            MemberConverted(occurred_on=DAY, person_id=NEO, approval_no="部发〔2026〕4号")
        )

    def test_a_full_member_is_one_already(self):
        given(founded(), probationer(), converted()).when(self.COMMAND).then(nothing)

    def test_not_before_being_admitted(self):
        given(founded(), probationer(admitted_on=DAY)).when(self.COMMAND).then(fails(Malformed, "before admission"))

    def test_not_a_suspended_member(self):
        given(founded(), probationer(), suspended(NEO)).when(self.COMMAND).then(refused("INV-009", "person_id"))


def fold(*events) -> Roster:
    roster = Roster()
    for event in events:
        roster = evolve(roster, event)
    return roster


class TestTheRosterOfAnyDay:
    AGAIN = member(ANN, occurred_on=DAY, joined_on=DAY, group_id=SOUTH)
    LEFT_ON = DAY - dt.timedelta(days=10)
    STAYS = (
        *(founded(), group(NORTH), group(SOUTH), member(ANN, group_id=NORTH), member(BEN, group_id=NORTH)),
        *(seated(*seats((ANN, Post.SECRETARY))), left(ANN, LEFT_ON), AGAIN),
    )

    def test_somebody_who_came_back_counts_in_both_stays_and_not_between(self):
        roster = fold(*self.STAYS)
        assert roster.members_on(FOUNDED_ON) == {ANN, BEN}
        assert roster.members_on(self.LEFT_ON) == {BEN}
        assert roster.members_on(BEFORE) == {BEN}
        assert roster.voters_on(DAY) == {ANN, BEN}

    def test_each_stay_has_its_own_group(self):
        roster = fold(*self.STAYS)
        assert (roster.group_of(ANN, FOUNDED_ON), roster.group_of(ANN, DAY)) == (NORTH, SOUTH)

    def test_records_may_be_dated_into_either_stay_but_not_between(self):
        roster = fold(*self.STAYS)
        assert roster.must_be_active(ANN, FOUNDED_ON, "person_id").belongs.until == self.LEFT_ON
        assert roster.must_be_active(ANN, DAY, "person_id").belongs.until is None
        with pytest.raises(Refused, match="INV-009"):
            roster.must_be_active(ANN, BEFORE, "person_id")

    def test_what_is_learnt_late_goes_to_the_stay_of_its_day(self):
        late = MemberAssignedToGroup(occurred_on=FOUNDED_ON + dt.timedelta(days=1), person_id=ANN, group_id=SOUTH)
        roster = fold(*self.STAYS, late)
        assert roster.group_of(ANN, self.LEFT_ON - dt.timedelta(days=1)) == SOUTH
        assert roster.members[ANN].groups == ((DAY, SOUTH),)

    def test_leaving_ends_a_post(self):
        roster = fold(*self.STAYS)
        assert (roster.secretary_on(FOUNDED_ON), roster.secretary_on(self.LEFT_ON), roster.committee_on(DAY)) == (ANN, None, NOBODY)

    def test_suspended_members_count_again_when_reinstated(self):
        back = MembershipReinstated(occurred_on=AFTER, person_id=ANN, reason="取得联系", approval_no="部发〔2026〕7号")
        roster = fold(founded(), member(ANN), suspended(ANN, DAY), back)
        assert [roster.members_on(day) for day in (BEFORE, DAY, AFTER)] == [{ANN}, NOBODY, {ANN}]

    def test_probationary_members_count_and_have_no_vote(self):
        roster = fold(founded(), probationer(), converted(on=AFTER))
        assert [roster.members_on(DAY), roster.voters_on(DAY), roster.full_members_on(DAY)] == [{NEO}, NOBODY, NOBODY]
        assert roster.voters_on(AFTER) == {NEO}
        assert roster.members[NEO].status_on(DAY) is MemberStatus.PROBATIONARY
