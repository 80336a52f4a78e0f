"""What a command or a read asks for; which role has it is the one table in `policy.py`."""

import enum


class Right(enum.StrEnum):
    """A right, always over one organisation."""

    ORGANISATION_FOUND = "organisation.found"
    ROSTER_WRITE = "roster.write"
    MEETING_WRITE = "meeting.write"
    DUES_WRITE = "dues.write"
    TRANSFER_WRITE = "transfer.write"
    SUPERIOR_WRITE = "superior.write"
    """Approve, waive, override, change a rule: the superior committee only."""
    SYSTEM_WRITE = "system.write"
    """Recorded by a worker of the system itself (reminders, escalations, expiry)."""
    ORGANISATIONS_READ = "organisations.read"
    ROSTER_READ = "roster.read"
    SENSITIVE_READ = "sensitive.read"
    """ID numbers, telephones, addresses, pay: with a purpose, each read on record."""
    LEDGERS_READ = "ledgers.read"
    OBLIGATIONS_READ = "obligations.read"
    EVENTS_READ = "events.read"
    STREAM_READ = "stream.read"
    STANDARD_READ = "standard.read"
    OWN_READ = "own.read"
    """One's own account and file."""
