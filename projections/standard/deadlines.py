"""The shape of a deadline: what falls due when, what proves that it was done, when to remind and escalate (rules 0.4, section 5)."""

import enum

import msgspec

from projections.standard.norms import Entry, Period, Role


class Of(enum.StrEnum):
    """Whose duty it is; the duty exists while there is such a subject."""

    BRANCH = "branch"
    COMMITTEE = "committee"
    GROUP = "group"
    """Each Party group by itself."""
    PAYERS = "payers"
    """Branches with members whose dues are assessed."""
    EVENT = "event"
    """Each thing that an event began, such as a letter."""


class How(enum.StrEnum):
    """When a duty is done."""

    COUNT = "count"
    """As many proofs as `count` asks for, or one."""
    ALL_MONTHS = "all_months"
    """The proofs cover every month of the period."""
    ALL_PAID = "all_paid"
    """Every member who owes for the month has paid in full; the view knows who owes."""


class DueRule(enum.StrEnum):
    """How the due date is found."""

    PERIOD_END = "period_end"
    DAY_AFTER_PERIOD = "day_after_period"
    """On the n-th of the month after the period."""
    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"
    STATED = "stated"
    """The event that begins it states the date in `field`."""


COUNTED = frozenset({DueRule.DAY_AFTER_PERIOD, DueRule.DAYS, DueRule.WORKING_DAYS, DueRule.MONTHS})
"""The rules whose number is a setting."""


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a deadline."""


class Due(Part, frozen=True, kw_only=True):
    """The due rule with the setting that holds its number, or the field that holds its date."""

    rule: DueRule
    setting: str | None = None
    field: str | None = None


class Watched(Part, frozen=True, kw_only=True):
    """An event by its tag; `where` lists the values a field must have, `thing` names the field with what it is about."""

    event: str
    thing: str
    where: dict[str, tuple[str, ...]] = {}


class Proof(Watched, frozen=True, kw_only=True):
    """Evidence. It counts for the period of `occurred_on`, unless `months` names the fields of the first and the last month."""

    subject: str | None = None
    months: tuple[str, str] | None = None


class Deadline(Entry, frozen=True, kw_only=True):
    """One deadline; offsets are days before (-) or after (+) the due date."""

    task: str
    period: Period
    of: Of
    how: How = How.COUNT
    count: str | None = None
    """Setting with the number of proofs."""
    due: Due
    remind: tuple[int, ...]
    remind_on: str | None = None
    """Setting with the fixed day of the month from which reminders count instead of the due date."""
    overdue: int
    escalate: int | None = None
    role: Role
    source: str
    begin: Watched | None = None
    move: Watched | None = None
    """Event that states another due date, in the field of `due`."""
    proof: tuple[Proof, ...] = ()
    undo: tuple[Watched, ...] = ()
    """Events that take a proof back."""
    drop: tuple[Watched, ...] = ()
    """Events after which there is nothing left to do."""

    def watched(self) -> tuple[Watched, ...]:
        single = tuple(event for event in (self.begin, self.move) if event is not None)
        return (*single, *self.proof, *self.undo, *self.drop)

    def fault(self) -> str | None:
        """What is wrong with it, if anything."""
        on_event = self.of is Of.EVENT
        if on_event != (self.begin is not None) or on_event != (self.period is Period.ON_EVENT):
            return "of = event, period = on_event and begin go together"
        if on_event == (self.due.rule in {DueRule.PERIOD_END, DueRule.DAY_AFTER_PERIOD}):
            return f"a due rule {self.due.rule} does not fit"
        if (self.due.rule is DueRule.STATED) != (self.due.field is not None):
            return "due = stated and field go together"
        if (self.due.rule in COUNTED) != (self.due.setting is not None):
            return f"a due rule {self.due.rule} needs a setting, or needs none"
        if (self.of is Of.GROUP) != any(proof.subject is not None for proof in self.proof):
            return "the proofs of a group's duty name the group"
        if self.overdue < 1 or (self.escalate is not None and self.escalate < self.overdue):
            return "overdue comes after the due date, escalation not before that"
        return None


class DeadlineFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file `deadlines.toml`."""

    deadline: tuple[Deadline, ...]
