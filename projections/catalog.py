"""What the engine runs: one line per view, and the tables they write."""

import functools
from typing import Any

from projections import (
    change_tally,
    directives,
    directives_tables,
    disclosure,
    disclosure_tables,
    documents,
    documents_tables,
    obligations,
    obligations_tables,
    roster,
    roster_tables,
    scores,
    scores_tables,
    tally_tables,
)
from projections.engine.fold import Projection
from projections.engine.tables import metadata as metadata
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
from projections.standard.changes import sentences
from projections.standard.pack import default_pack
from projections.tally import tallied

TABLES = (roster_tables, obligations_tables, documents_tables, disclosure_tables, directives_tables, scores_tables, tally_tables)
"""Imported for their tables, which join `metadata`."""


@functools.cache
def every_projection() -> tuple[Projection[Any], ...]:
    """With the deadlines of the pack that this process works with."""
    return (
        roster.PROJECTION,
        l01_organisation.PROJECTION,
        l02_organisation_life.PROJECTION,
        l03_education.PROJECTION,
        l04_management.PROJECTION,
        l05_supervision.PROJECTION,
        l06_masses.PROJECTION,
        l07_premises.PROJECTION,
        l08_assessment.PROJECTION,
        l09_awards.PROJECTION,
        l10_documents.PROJECTION,
        documents.PROJECTION,
        disclosure.PROJECTION,
        directives.PROJECTION,
        tallied(obligations.Lens(default_pack())),
        change_tally.projection(sentences()),
        scores.PROJECTION,
    )
