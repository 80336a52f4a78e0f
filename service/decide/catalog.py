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
    appraisal,
    appraisal_grades,
    appraisal_steps,
    assessment,
    assessment_results,
    assessment_scores,
    awards,
    awards_state,
    awards_superior,
    ballots,
    care,
    care_hardship,
    care_visits,
    community,
    community_service,
    custody,
    debriefing,
    debriefing_meetings,
    discipline_appeal,
    discipline_case,
    discipline_decision,
    discipline_influence,
    discipline_procedure,
    discipline_vote,
    disclosure,
    disclosure_publishing,
    disposition_case,
    disposition_decision,
    disposition_followup,
    disposition_procedure,
    documents,
    documents_materials,
    documents_papers,
    dues,
    dues_assessment,
    dues_fund,
    dues_payments,
    dues_removal,
    dues_requests,
    education,
    education_notes,
    education_trainings,
    election_ballots,
    election_candidates,
    election_meeting,
    election_requests,
    elections,
    masses,
    masses_fieldwork,
    masses_opinions,
    masses_village,
    meetings,
    member_standing,
    members,
    mobile,
    obligations,
    organisation_life,
    organisations,
    premises,
    premises_upkeep,
    publicity,
    rectification,
    structure,
    structure_life,
    supervision,
    supervision_requests,
    talks,
    transfer_arrivals,
    transfer_letters,
    transfer_outside,
    transfer_requests,
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
    *(dues, dues_assessment, dues_payments, dues_fund, dues_requests, dues_removal),
    custody,
    *(transfers, transfer_requests, transfer_letters, transfer_outside, transfer_arrivals),
    mobile,
    *(elections, election_requests, election_candidates, election_meeting, election_ballots),
    obligations,
    ballots,
    *(documents, documents_papers, documents_materials),
    *(discipline_case, discipline_vote, discipline_decision, discipline_appeal, discipline_procedure),
    *(masses, masses_opinions, masses_fieldwork, masses_village),
    *(care, care_visits, care_hardship),
    *(community, community_service),
    *(premises, premises_upkeep),
    *(awards_state, awards, awards_superior),
    *(structure, structure_life),
    *(education, education_trainings, education_notes),
    *(organisation_life, rectification),
    *(appraisal, appraisal_grades, appraisal_steps),
    publicity,
    talks,
    *(disclosure, disclosure_publishing),
    *(debriefing, debriefing_meetings),
    *(assessment, assessment_scores, assessment_results),
    *(disposition_case, disposition_decision, disposition_followup, disposition_procedure),
    *(supervision, supervision_requests),
    discipline_influence,
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
