"""The committee issues, withdraws, accepts and returns; delivery is once for each branch (N09.T04; 上级部署与督办)."""

import datetime as dt
from typing import Any

import pytest
from msgspec.structs import replace

from events.base import OrgId
from events.directives import (
    AnswerAccepted,
    AnswerReturned,
    DirectiveDispatched,
    DirectiveIssued,
    DirectiveKind,
    DirectiveStep,
    Failure,
    Round,
)
from events.documents import DocumentId
from events.structure import BranchDissolved
from service.decide.directives.delivery import DeliverDirective, NoteDispatch, RecallDirective
from service.decide.directives.superior import (
    AcceptAnswer,
    IssueDirective,
    ReturnAnswer,
    WithdrawAnswerDecision,
    WithdrawDirective,
)
from service.errors import Absent, BuiltUpon, Conflict, Malformed
from tests.decide.bdd import BRANCH, COMMITTEE, Books, fails, given, nothing
from tests.decide.directive_history import (
    A1,
    A2,
    ACCEPTED,
    AGAIN,
    ANSWERED,
    BRANCH_FOUNDED,
    COMMITTEE_BOOK,
    DELIVERED,
    DUE,
    ISSUED_ON,
    ISSUER,
    NUMBER,
    ON,
    OTHER,
    RETURNED,
    SIGNED,
    TEXT,
    TITLE,
    W1,
    WITHDRAWN,
    back,
    delivered,
    issued,
    recalled,
)
from tests.decide.document_history import D1, FILED
from tests.decide.test_documents_papers import received

KEY = "DL-07:2026-Q1"


def committee(*events: Any) -> Books:
    return Books({COMMITTEE: (*COMMITTEE_BOOK, *events)})


def branch(*events: Any) -> Books:
    return given(BRANCH_FOUNDED, *events)


def issuing(**changed: Any) -> IssueDirective:
    told: dict[str, Any] = {
        "occurred_on": ISSUED_ON,
        "kind": DirectiveKind.WORK,
        "number": NUMBER,
        "title": TITLE,
        "text": TEXT,
        "answer_by": DUE,
        "addressees": (BRANCH, OTHER),
        "directive_id": W1,
    }
    return IssueDirective(**(told | changed))


class TestIssuing:
    def issues(self, command: IssueDirective, event: DirectiveIssued) -> None:
        committee().when(command, at=COMMITTEE).then(event)

    def test_work_goes_to_chosen_branches(self):
        self.issues(issuing(addressees=(OTHER, BRANCH, OTHER)), issued(addressees=(OTHER, BRANCH)))

    def test_or_to_all_of_them_without_naming_one(self):
        self.issues(issuing(to_all=True, addressees=()), issued(to_all=True, addressees=()))

    def test_it_is_named_by_its_event_unless_a_name_is_given(self):
        self.issues(issuing(directive_id=None), issued(directive_id="event-1"))

    def test_a_document_needs_no_answer(self):
        self.issues(issuing(kind=DirectiveKind.DOCUMENT, answer_by=None), issued(kind=DirectiveKind.DOCUMENT, answer_by=None))

    def test_what_is_urged_tells_whom(self):
        links = (f"{OTHER}/{KEY}", f"{OTHER}/{KEY}")
        command = issuing(kind=DirectiveKind.URGING, addressees=(), obligations=links)
        self.issues(command, issued(kind=DirectiveKind.URGING, addressees=(OTHER,), obligations=links[:1]))

    def test_files_of_the_committee_come_with_it(self):
        committee(FILED).when(issuing(documents=(D1, D1)), at=COMMITTEE).then(issued(documents=(D1,)))
        committee().when(issuing(documents=(DocumentId("none"),)), at=COMMITTEE).then(fails(Absent))

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"answer_by": None}, "answer_by"),
            ({"answer_by": dt.date(2026, 3, 1)}, "answer_by"),
            ({"table_by": dt.date(2026, 3, 1)}, "table_by"),
            ({"table_by": dt.date(2026, 5, 1)}, "table_by"),
            ({"kind": DirectiveKind.URGING}, "obligations"),
            ({"obligations": (f"{BRANCH}/{KEY}",)}, "obligations"),
            ({"addressees": ()}, "addressees"),
            ({"to_all": True}, "addressees"),
            ({"kind": DirectiveKind.URGING, "obligations": (f"{BRANCH}/{KEY}",)}, "addressees"),
        ],
    )
    def test_what_does_not_fit_together_is_refused_with_its_field(self, changed: dict[str, Any], field: str):
        committee().when(issuing(**changed), at=COMMITTEE).then(fails(Malformed, field))

    def test_nobody_but_branches_below_is_addressed(self):
        committee().when(issuing(addressees=(OrgId("stranger"),)), at=COMMITTEE).then(fails(Absent, "stranger"))

    def test_a_branch_issues_nothing(self):
        branch().when(issuing()).then(fails(Absent))

    def test_the_same_again_is_nothing_to_do(self):
        committee(issued()).when(issuing(directive_id=None), at=COMMITTEE).then(nothing)

    def test_a_number_stands_for_one_directive(self):
        committee(issued()).when(issuing(title="另一件", directive_id=None), at=COMMITTEE).then(fails(BuiltUpon, NUMBER))
        other = committee(issued(), WITHDRAWN).when(issuing(title="另一件", directive_id="w2"), at=COMMITTEE)
        other.then(issued(title="另一件", directive_id="w2"))


class TestWithdrawing:
    COMMAND = WithdrawDirective(occurred_on=WITHDRAWN.occurred_on, directive_id=W1, reason="另行部署")

    def test_it_is_taken_back_with_a_reason(self):
        committee(issued()).when(self.COMMAND, at=COMMITTEE).then(WITHDRAWN)

    def test_once(self):
        committee(issued(), WITHDRAWN).when(self.COMMAND, at=COMMITTEE).then(nothing)

    def test_not_before_it_was_issued(self):
        committee(issued()).when(replace(self.COMMAND, occurred_on=dt.date(2026, 3, 1)), at=COMMITTEE).then(fails(Conflict))

    def test_one_that_nobody_issued_is_absent(self):
        committee().when(self.COMMAND, at=COMMITTEE).then(fails(Absent))


class TestDelivery:
    DELIVER = DeliverDirective(occurred_on=ON, directive_id=W1, from_org_id=COMMITTEE)
    RECALL = RecallDirective(occurred_on=WITHDRAWN.occurred_on, directive_id=W1, from_org_id=COMMITTEE)

    def sent(self, *here: Any, withdrawn: bool = False, **changed: Any) -> Books:
        """What the committee issued, and what is on record in the branch."""
        return branch(*here).and_in(COMMITTEE, *COMMITTEE_BOOK, issued(**changed), *([WITHDRAWN] if withdrawn else []))

    def test_it_reaches_the_branch_and_is_to_be_tabled_in_ten_working_days(self):
        self.sent().when(self.DELIVER).then(DELIVERED)
        self.sent(to_all=True, addressees=()).when(self.DELIVER).then(DELIVERED)

    def test_before_the_answer_is_due(self):
        soon = dt.date(2026, 3, 6)
        self.sent(answer_by=soon).when(self.DELIVER).then(delivered(answer_by=soon, table_by=soon))

    def test_by_the_day_that_it_names(self):
        day = dt.date(2026, 3, 31)
        self.sent(table_by=day).when(self.DELIVER).then(delivered(table_by=day))

    def test_what_is_urged_need_not_be_tabled_and_each_branch_learns_its_own_part(self):
        links = (f"{OTHER}/DL-02:2026-02", f"{BRANCH}/{KEY}")
        self.sent(kind=DirectiveKind.URGING, obligations=links).when(self.DELIVER).then(
            delivered(kind=DirectiveKind.URGING, table_by=None, obligations=(KEY,))
        )

    def test_once_however_often_it_is_asked_for(self):
        again = replace(self.DELIVER, occurred_on=dt.date(2026, 3, 9))
        self.sent(DELIVERED).when(again).then(nothing)
        self.sent(DELIVERED, recalled(), withdrawn=True).when(again).then(nothing)

    def test_a_paper_that_was_signed_for_is_not_asked_for_twice(self):
        paper = received(occurred_on=ISSUED_ON, number=NUMBER, issuer=ISSUER, document_id=DocumentId("p1"), act_by=DUE)
        self.sent(paper).when(self.DELIVER).then(delivered(paper_id="p1", table_by=None))

    def test_not_when_it_was_withdrawn_on_the_way(self):
        self.sent(withdrawn=True).when(self.DELIVER).then(fails(Conflict, "withdrawn"))

    def test_not_to_whom_it_is_not_addressed(self):
        self.sent(addressees=(OTHER,)).when(self.DELIVER).then(fails(Absent))
        branch().when(self.DELIVER).then(fails(Absent))
        stranger = replace(self.DELIVER, from_org_id=OrgId("stranger"))
        branch().and_in(OrgId("stranger"), issued()).when(stranger).then(fails(Absent))

    def test_not_to_one_that_is_dissolved(self):
        gone = BranchDissolved(occurred_on=ISSUED_ON, org_id=BRANCH, reason="合并", approval_no="1")
        self.sent(gone).when(self.DELIVER).then(fails(Conflict, "dissolved"))

    def test_the_recall_names_what_nobody_has_to_do_any_more(self):
        self.sent(DELIVERED, withdrawn=True).when(self.RECALL).then(recalled())
        self.sent(DELIVERED, SIGNED, ANSWERED, withdrawn=True).when(self.RECALL).then(recalled(waiting_id=A1))
        self.sent(DELIVERED, SIGNED, ANSWERED, RETURNED, withdrawn=True).when(self.RECALL).then(recalled(returned_id=A1))

    def test_nothing_is_recalled_that_stands_or_never_came_or_was_recalled(self):
        self.sent(DELIVERED).when(self.RECALL).then(fails(Conflict, "stands"))
        self.sent(withdrawn=True).when(self.RECALL).then(nothing)
        self.sent(DELIVERED, recalled(), withdrawn=True).when(self.RECALL).then(nothing)

    def test_that_all_were_reached_is_noted_once_for_each_round(self):
        failed = (Failure(org_id=OTHER, why="the branch is dissolved"),)
        command = NoteDispatch(occurred_on=ON, directive_id=W1, round=Round.ISSUE, delivered=1, failed=failed)
        event = DirectiveDispatched(occurred_on=ON, directive_id=W1, round=Round.ISSUE, delivered=1, failed=failed)
        committee(issued()).when(command, at=COMMITTEE).then(event)
        committee(issued(), event).when(command, at=COMMITTEE).then(nothing)
        recall = replace(command, round=Round.RECALL)
        committee(issued(), event, WITHDRAWN).when(recall, at=COMMITTEE).then(replace(event, round=Round.RECALL))
        committee().when(command, at=COMMITTEE).then(fails(Absent))
        committee(issued(), WITHDRAWN).when(command, at=COMMITTEE).then(fails(Conflict, "withdrawn"))
        committee(issued()).when(recall, at=COMMITTEE).then(fails(Conflict, "stands"))


class TestDeciding:
    ACCEPT = AcceptAnswer(occurred_on=ACCEPTED.occurred_on, directive_id=W1, comment="同意")
    RETURN = ReturnAnswer(occurred_on=RETURNED.occurred_on, directive_id=W1, reason="缺少责任分工", answer_by=RETURNED.answer_by)

    def test_the_answer_is_accepted(self):
        branch(DELIVERED, SIGNED, ANSWERED).when(self.ACCEPT).then(
            AnswerAccepted(occurred_on=ACCEPTED.occurred_on, directive_id=W1, answer_id=A1, comment="同意")
        )
        branch(DELIVERED, SIGNED, ANSWERED, RETURNED, AGAIN).when(self.ACCEPT).then(ACCEPTED)
        branch(DELIVERED, SIGNED, ANSWERED, RETURNED, AGAIN, ACCEPTED).when(self.ACCEPT).then(nothing)

    def test_or_returned_with_a_reason_and_a_new_day(self):
        branch(DELIVERED, SIGNED, ANSWERED).when(self.RETURN).then(RETURNED)
        branch(DELIVERED, SIGNED, ANSWERED, RETURNED).when(self.RETURN).then(nothing)
        later = replace(self.RETURN, answer_by=dt.date(2026, 5, 15))
        branch(DELIVERED, SIGNED, ANSWERED, RETURNED).when(later).then(
            AnswerReturned(
                occurred_on=RETURNED.occurred_on, directive_id=W1, answer_id=A1, reason="缺少责任分工", answer_by=later.answer_by
            )
        )

    def test_the_new_day_lies_ahead(self):
        past = replace(self.RETURN, answer_by=dt.date(2026, 4, 21))
        branch(DELIVERED, SIGNED, ANSWERED).when(past).then(fails(Malformed, "answer_by"))

    @pytest.mark.parametrize("command", [ACCEPT, RETURN])
    def test_without_an_answer_there_is_nothing_to_decide(self, command: Any):
        branch(DELIVERED, SIGNED).when(command).then(fails(BuiltUpon))
        branch().when(command).then(fails(Absent))
        branch(DELIVERED, SIGNED, ANSWERED, recalled(occurred_on=dt.date(2026, 4, 21))).when(command).then(fails(BuiltUpon))

    @pytest.mark.parametrize("command", [ACCEPT, RETURN])
    def test_another_answer_than_the_one_that_was_seen_is_not_decided(self, command: Any):
        branch(DELIVERED, SIGNED, ANSWERED).when(replace(command, answer_id=A2)).then(fails(Conflict, A1))

    def test_one_decision_at_a_time(self):
        branch(DELIVERED, SIGNED, ANSWERED, RETURNED).when(self.ACCEPT).then(fails(BuiltUpon))
        accepted = replace(ACCEPTED, answer_id=A1, occurred_on=RETURNED.occurred_on)
        branch(DELIVERED, SIGNED, ANSWERED, accepted).when(self.RETURN).then(fails(BuiltUpon))

    def test_a_decision_that_was_a_mistake_is_taken_back(self):
        on = dt.date(2026, 5, 8)
        command = WithdrawAnswerDecision(occurred_on=on, directive_id=W1, reason="录错")
        branch(DELIVERED, SIGNED, ANSWERED, RETURNED).when(command).then(back(DirectiveStep.RETURNED, A1, on))
        branch(DELIVERED, SIGNED, ANSWERED, RETURNED, AGAIN, ACCEPTED).when(command).then(back(DirectiveStep.ACCEPTED, A2, on))
        branch(DELIVERED, SIGNED, ANSWERED).when(command).then(nothing)
        undone = branch(DELIVERED, SIGNED, ANSWERED, RETURNED, back(DirectiveStep.RETURNED, A1, on))
        undone.when(replace(self.ACCEPT, occurred_on=on)).then(replace(ACCEPTED, occurred_on=on, answer_id=A1))
