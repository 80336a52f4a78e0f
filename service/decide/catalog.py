"""Every command of the system: one line for each noun, whose verbs may fill several files."""

from types import ModuleType

import msgspec

from service.decide import obligations, publicity, requests, talks
from service.decide.admission import acceptance as admission_acceptance
from service.decide.admission import applications as admission_applications
from service.decide.admission import approval as admission_approval
from service.decide.admission import cultivation as admission_cultivation
from service.decide.admission import notices as admission_notices
from service.decide.admission import probation as admission_probation
from service.decide.admission import procedure as admission_procedure
from service.decide.admission import vote as admission_vote
from service.decide.admission import withdrawal as admission_withdrawal
from service.decide.appraisal import grades as appraisal_grades
from service.decide.appraisal import meeting as appraisal_meeting
from service.decide.appraisal import procedure as appraisal_procedure
from service.decide.assessment import branch as assessment_branch
from service.decide.assessment import rectification as assessment_rectification
from service.decide.assessment import results as assessment_results
from service.decide.assessment import scores as assessment_scores
from service.decide.awards import branch as awards_branch
from service.decide.awards import state as awards_state
from service.decide.awards import superior as awards_superior
from service.decide.ballots import opening as ballots_opening
from service.decide.base import Case, command_name
from service.decide.care import hardship as care_hardship
from service.decide.care import plans as care_plans
from service.decide.care import visits as care_visits
from service.decide.community import reports as community_reports
from service.decide.community import service as community_service
from service.decide.debriefing import meetings as debriefing_meetings
from service.decide.debriefing import preparation as debriefing_preparation
from service.decide.directives import branch as directives_branch
from service.decide.directives import delivery as directives_delivery
from service.decide.directives import superior as directives_superior
from service.decide.discipline import appeal as discipline_appeal
from service.decide.discipline import case as discipline_case
from service.decide.discipline import decision as discipline_decision
from service.decide.discipline import influence as discipline_influence
from service.decide.discipline import procedure as discipline_procedure
from service.decide.discipline import vote as discipline_vote
from service.decide.disclosure import approval as disclosure_approval
from service.decide.disclosure import publishing as disclosure_publishing
from service.decide.disclosure import superior as disclosure_superior
from service.decide.disposition import case as disposition_case
from service.decide.disposition import decision as disposition_decision
from service.decide.disposition import followup as disposition_followup
from service.decide.disposition import procedure as disposition_procedure
from service.decide.documents import files as documents_files
from service.decide.documents import materials as documents_materials
from service.decide.documents import papers as documents_papers
from service.decide.dues import assessment as dues_assessment
from service.decide.dues import custody as dues_custody
from service.decide.dues import fund as dues_fund
from service.decide.dues import payments as dues_payments
from service.decide.dues import refusal as dues_refusal
from service.decide.dues import removal as dues_removal
from service.decide.dues import requests as dues_requests
from service.decide.dues import state as dues_state
from service.decide.education import notes as education_notes
from service.decide.education import sessions as education_sessions
from service.decide.education import trainings as education_trainings
from service.decide.elections import ballots as elections_ballots
from service.decide.elections import candidates as elections_candidates
from service.decide.elections import meeting as elections_meeting
from service.decide.elections import opening as elections_opening
from service.decide.elections import requests as elections_requests
from service.decide.life import papers as life_papers
from service.decide.life import promises as life_promises
from service.decide.masses import entries as masses_entries
from service.decide.masses import fieldwork as masses_fieldwork
from service.decide.masses import opinions as masses_opinions
from service.decide.masses import village as masses_village
from service.decide.meetings import planning as meetings_planning
from service.decide.members import roll as members_roll
from service.decide.members import standing as members_standing
from service.decide.members import withdrawal as members_withdrawal
from service.decide.organisations import founding as organisations_founding
from service.decide.organisations import life as organisations_life
from service.decide.organisations import papers as organisations_papers
from service.decide.organisations import standard as organisations_standard
from service.decide.premises import place as premises_place
from service.decide.premises import upkeep as premises_upkeep
from service.decide.procedure import Procedure
from service.decide.supervision import checks as supervision_checks
from service.decide.supervision import own as supervision_own
from service.decide.supervision import requests as supervision_requests
from service.decide.transfers import arrivals as transfers_arrivals
from service.decide.transfers import letters as transfers_letters
from service.decide.transfers import mobile as transfers_mobile
from service.decide.transfers import outside as transfers_outside
from service.decide.transfers import requests as transfers_requests
from service.decide.transfers import state as transfers_state
from service.decide.transfers import withdrawal as transfers_withdrawal


class Noun(msgspec.Struct, frozen=True):
    """A part of a branch's life, and the files that decide about it. The heading of its commands on the desk."""

    zh: str
    en: str
    files: tuple[ModuleType, ...]

    @property
    def cases(self) -> tuple[Case, ...]:
        return tuple(case for file in self.files for case in file.CASES)


NOUNS: tuple[Noun, ...] = (
    Noun("组织生活", "Meetings", (meetings_planning,)),
    Noun("党费", "Dues", (dues_state, dues_assessment, dues_payments, dues_fund, dues_requests, dues_refusal, dues_removal)),
    Noun("党员", "Members", (members_roll, members_standing, members_withdrawal, requests)),
    Noun(
        "组织关系转接",
        "Transfers",
        (transfers_state, transfers_requests, transfers_letters, transfers_outside, transfers_arrivals, transfers_withdrawal),
    ),
    Noun("学习教育", "Education", (education_sessions, education_trainings, education_notes)),
    Noun("谈心谈话", "Talks", (talks,)),
    Noun("计划、总结与组织生活会", "Organisation life", (life_papers, life_promises)),
    Noun("民主评议党员", "Appraisal of members", (appraisal_meeting, appraisal_grades, appraisal_procedure)),
    Noun("宣传工作", "Publicity", (publicity,)),
    Noun(
        "发展党员",
        "Admission",
        (
            admission_applications,
            admission_cultivation,
            admission_notices,
            admission_acceptance,
            admission_vote,
            admission_approval,
            admission_probation,
            admission_withdrawal,
            admission_procedure,
        ),
    ),
    Noun("换届选举", "Elections", (elections_opening, elections_requests, elections_candidates, elections_meeting, elections_ballots)),
    Noun("无记名投票", "Secret ballots", (ballots_opening,)),
    Noun("群众工作", "Mass work", (masses_entries, masses_opinions, masses_fieldwork, masses_village)),
    Noun("关怀帮扶", "Care and help", (care_plans, care_visits, care_hardship)),
    Noun("社区报到服务", "Community service", (community_reports, community_service)),
    Noun("流动党员", "Mobile members", (transfers_mobile,)),
    Noun("党费管理", "Care of the dues fund", (dues_custody,)),
    Noun("党务公开", "Openness", (disclosure_approval, disclosure_superior, disclosure_publishing)),
    Noun("资料与档案", "Documents", (documents_files, documents_papers, documents_materials)),
    Noun("上级部署与督办", "Directives of the superior", (directives_branch, directives_superior, directives_delivery)),
    Noun("党内监督", "Supervision", (supervision_checks, supervision_requests, supervision_own)),
    Noun(
        "违纪处分",
        "Discipline",
        (discipline_case, discipline_vote, discipline_decision, discipline_appeal, discipline_influence, discipline_procedure),
    ),
    Noun("不合格党员处置", "Disposition", (disposition_case, disposition_decision, disposition_followup, disposition_procedure)),
    Noun("活动场所", "Premises", (premises_place, premises_upkeep)),
    Noun("表彰奖励", "Awards", (awards_state, awards_branch, awards_superior)),
    Noun("述职评议", "Debriefing", (debriefing_preparation, debriefing_meetings)),
    Noun("支部考核", "Assessment", (assessment_branch, assessment_scores, assessment_results, assessment_rectification)),
    Noun("组织设置", "Organisation", (organisations_founding, organisations_papers, organisations_life, organisations_standard)),
    Noun("任务", "Obligations", (obligations,)),
)
"""The daily ones first."""


def _by_name() -> dict[str, Case]:
    cases: dict[str, Case] = {}
    for noun in NOUNS:
        for case in noun.cases:
            name = command_name(case.command)
            assert name not in cases, f"two commands are called {name}"
            cases[name] = case
    return cases


CASES: dict[str, Case] = _by_name()
"""Kebab name -> case."""

PROCEDURES: dict[str, Procedure] = {
    procedure.kind: procedure for noun in NOUNS for file in noun.files for procedure in getattr(file, "PROCEDURES", ())
}
"""Kind -> procedure, of the files that tell one."""

CLAIM_REFUSALS: dict[str, tuple[str, str]] = {
    "member": ("INV-001", "person_id"),
    "id-number": ("INV-001", "id_number"),
    "dues-receipt": ("INV-068", "receipt_no"),
    "letter": ("INV-070", "number"),
    "admission": ("INV-038", "person_id"),
}
"""Kind of claim -> the rule that refuses a second holder, and the field it is about."""
