"""Which registers the program keeps, for the pack names each of them; what they hold stands in `projections/ledgers/`."""

from collections.abc import Mapping

import msgspec

from projections.standard.norms import Standard

CODES: Mapping[str, tuple[str, ...]] = {
    "L01": ("branch", "roll", "officers", "groups", "elections", "papers", "personnel-notices"),
    "L02": (
        "meetings",
        "lectures",
        "theme-days",
        "ballots",
        "life-meetings",
        "speeches",
        "pledges",
        "rectification",
        "papers",
        "talks",
        "appraisal",
        "appraisal-process",
    ),
    "L03": ("study-plans", "study-sessions", "study-hours", "study-notes", "external-trainings", "reflections", "publicity"),
    "L04": (
        "admissions",
        "activists",
        "admission-papers",
        "transfer-requests",
        "transfers-out",
        "transfers-in",
        "mobile",
        "dues-assessment",
        "dues-payments",
        "dues-remittances",
        "dues-uses",
        "dues-card",
        "dues-reductions",
        "dues-fund",
    ),
    "L05": ("disclosure", "letters", "checks", "eight-hours", "suggestions", "rights", "discipline", "disposition", "correction-progress"),
    "L06": (
        "research",
        "opinions",
        "questionnaires",
        "volunteers",
        "receptions",
        "consolation",
        "hardship",
        "village-aid",
        "community",
        "community-opinions",
        "plans",
    ),
    "L07": ("facilities", "inspections", "boards", "policies"),
    "L08": ("debriefing", "assessment", "annual-work", "rectification"),
    "L09": ("awards",),
    "L10": ("files", "superior-documents", "paper-volumes", "materials"),
}
"""By ledger, in the order in which they are shown."""
REGISTERS = tuple(f"{ledger}.{code}" for ledger, codes in CODES.items() for code in codes)


def completed(standard: Standard, shipped: Standard) -> Standard:
    """A version older than a register has no name for it: there it is called as in the pack that ships."""
    named = {register.id for ledger in standard.ledger for register in ledger.register}
    missing = {ledger.id: tuple(one for one in ledger.register if one.id not in named) for ledger in shipped.ledger}
    ledgers = [msgspec.structs.replace(one, register=(*one.register, *missing.get(one.id, ()))) for one in standard.ledger]
    return msgspec.structs.replace(standard, ledger=tuple(ledgers))
