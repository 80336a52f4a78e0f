"""All registers of all ledgers: one line per ledger file."""

from projections.ledgers import (
    l01_organisation,
    l02_organisation_life,
    l03_education,
    l04_management,
    l05_supervision,
    l06_masses,
    l07_premises,
    l08_assessment,
    l09_awards,
    l10_documents,
)
from projections.ledgers.register import Register

LEDGERS = (
    l01_organisation,
    l02_organisation_life,
    l03_education,
    l04_management,
    l05_supervision,
    l06_masses,
    l07_premises,
    l08_assessment,
    l09_awards,
    l10_documents,
)

REGISTERS: tuple[Register, ...] = tuple(register for ledger in LEDGERS for register in ledger.REGISTERS)


def register(ledger: str, code: str) -> Register | None:
    """The register `code` of ledger `L01`..`L10`."""
    return next((r for r in REGISTERS if r.ledger == ledger and r.code == code), None)
