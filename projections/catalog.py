"""What the engine runs: one line per view, and the tables they write."""

from typing import Any

from projections import documents, documents_tables, obligations, obligations_tables, roster, roster_tables
from projections.engine.fold import Projection
from projections.engine.tables import metadata as metadata
from projections.ledgers import l01_organisation, l02_organisation_life, l04_management, l05_supervision, l10_documents

TABLES = (roster_tables, obligations_tables, documents_tables)
"""Imported for their tables, which join `metadata`."""

PROJECTIONS: tuple[Projection[Any], ...] = (
    roster.PROJECTION,
    l01_organisation.PROJECTION,
    l02_organisation_life.PROJECTION,
    l04_management.PROJECTION,
    l05_supervision.PROJECTION,
    l10_documents.PROJECTION,
    documents.PROJECTION,
    obligations.PROJECTION,
)
