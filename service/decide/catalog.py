"""Every command of the system: one line per noun, whose verbs may fill several files."""

from service.decide import (
    admission_acceptance,
    admission_applications,
    admission_approval,
    admission_cultivation,
    admission_notices,
    admission_probation,
    admission_procedure,
    admission_vote,
    admission_withdrawal,
    ballots,
    discipline_appeal,
    discipline_case,
    discipline_decision,
    discipline_procedure,
    discipline_vote,
    documents,
    documents_materials,
    documents_papers,
    dues,
    dues_assessment,
    dues_fund,
    dues_payments,
    dues_removal,
    election_ballots,
    election_candidates,
    election_meeting,
    election_requests,
    elections,
    meetings,
    member_standing,
    members,
    obligations,
    organisations,
    transfer_arrivals,
    transfer_letters,
    transfer_outside,
    transfers,
)
from service.decide.base import Case, command_name
from service.decide.procedure import Procedure

NOUNS = (
    organisations,
    *(members, member_standing),
    *(admission_applications, admission_cultivation, admission_notices, admission_acceptance, admission_vote),
    *(admission_approval, admission_probation, admission_withdrawal, admission_procedure),
    meetings,
    *(dues, dues_assessment, dues_payments, dues_fund, dues_removal),
    *(transfers, transfer_letters, transfer_outside, transfer_arrivals),
    *(elections, election_requests, election_candidates, election_meeting, election_ballots),
    obligations,
    ballots,
    *(documents, documents_papers, documents_materials),
    *(discipline_case, discipline_vote, discipline_decision, discipline_appeal, discipline_procedure),
)


def _procedures() -> dict[str, Procedure]:
    return {procedure.kind: procedure for noun in NOUNS for procedure in getattr(noun, "PROCEDURES", ())}


def _by_name() -> dict[str, Case]:
    cases: dict[str, Case] = {}
    for noun in NOUNS:
        for case in noun.CASES:
            name = command_name(case.command)
            assert name not in cases, f"two commands are called {name}"
            cases[name] = case
    return cases


CASES: dict[str, Case] = _by_name()
"""Kebab name -> case."""

PROCEDURES: dict[str, Procedure] = _procedures()
"""Kind -> procedure."""

CLAIM_REFUSALS: dict[str, tuple[str, str]] = {
    "member": ("INV-001", "person_id"),
    "id-number": ("INV-001", "id_number"),
    "dues-receipt": ("INV-068", "receipt_no"),
    "letter": ("INV-070", "number"),
    "admission": ("INV-038", "person_id"),
}
"""Kind of claim -> the rule that refuses a second holder, and the field it is about."""
