"""The shape of a deadline: what falls due when, what proves that it was done, when to remind and escalate (rules 0.4, section 5)."""

import datetime as dt
import enum

import msgspec

from projections.standard.holidays import Unit, shifted
from projections.standard.norms import Entry, Period, Role


class Of(enum.StrEnum):
    """Whose duty it is; the duty exists while there is such a subject."""

    BRANCH = "branch"
    COMMITTEE = "committee"
    GROUP = "group"
    """Each Party group by itself."""
    GROUPED = "grouped"
    """Branches that have Party groups."""
    PAYERS = "payers"
    """Branches with members whose dues are assessed."""
    EVENT = "event"
    """Each thing that an event began, such as a letter; with a period, once in each while it lasts."""
    FESTIVAL = "festival"
    """Each of the festivals named, on its date of the year."""


class How(enum.StrEnum):
    """When a duty is done."""

    COUNT = "count"
    """As many proofs as `count` asks for, or one."""
    EACH = "each"
    """Every line of `proof` at least once."""
    ALL_MONTHS = "all_months"
    """The proofs cover every month of the period."""
    ALL_PAID = "all_paid"
    """Every member who owes for the month has paid in full; the view knows who owes."""
    EVERYONE = "everyone"
    """Every member who was on the roll all through the period has as much as `count` asks for, or one proof."""
    GROUPED = "grouped"
    """Every member is in a Party group; the view knows who is not."""
    NOTICE = "notice"
    """No duty: whoever is responsible is told on the day, and that is that."""


class DueRule(enum.StrEnum):
    """How the due date is found."""

    PERIOD_END = "period_end"
    DAY_AFTER_PERIOD = "day_after_period"
    """On the n-th of the month after the period."""
    DAY_OF_YEAR = "day_of_year"
    """On the day that a setting names as month and day, of the year of the period, or of the next one where the day is in `next_year`."""
    FESTIVAL = "festival"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"
    STATED = "stated"
    """The event that begins it states the date in `field`."""


COUNTED = frozenset({DueRule.DAYS, DueRule.WORKING_DAYS, DueRule.MONTHS})
"""The rules that count from the event that began it."""
SET = COUNTED | {DueRule.DAY_AFTER_PERIOD, DueRule.DAY_OF_YEAR}
"""The rules with a setting."""
ANY = "*"
"""In `where`: the field holds something."""


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a deadline."""


class Due(Part, frozen=True, kw_only=True):
    """The due rule with the setting that holds its number, or the field that holds its date."""

    rule: DueRule
    setting: str | None = None
    field: str | None = None
    times: int = 1
    """How many times the number of the setting."""
    next_year: bool = False


class Watched(Part, frozen=True, kw_only=True):
    """An event by its tag; `where` lists the values a field must have, `thing` names the field with what it is about."""

    event: str
    thing: str
    where: dict[str, tuple[str, ...]] = {}
    subject: str | None = None
    """Field with whose duty it is, where that is not `thing`."""
    every: bool = False
    """It concerns every subject of the deadline for which it runs."""


class Beginning(Watched, frozen=True, kw_only=True):
    """What begins a duty; `until` names the field with its last day, where the event knows it."""

    until: str | None = None


class Moving(Watched, frozen=True, kw_only=True):
    """What states another due date, in `field`."""

    field: str


class Proof(Watched, frozen=True, kw_only=True):
    """Evidence. It counts for the period of `occurred_on`, unless fields name the first and last month, the year or the half-year."""

    months: tuple[str, str] | None = None
    year: str | None = None
    half: str | None = None
    people: tuple[str, ...] = ()
    """Fields with the members for whom it counts, where every member needs a proof."""
    amount: str | None = None
    """Field with how much it counts."""


class Deadline(Entry, frozen=True, kw_only=True):
    """One deadline; offsets are days or working days before (-) or after (+) the due date."""

    task: str
    also: tuple[str, ...] = ()
    """Other tasks of the standard that it proves."""
    period: Period
    of: Of
    how: How = How.COUNT
    count: str | None = None
    """Setting with the number of proofs, or with what each member needs."""
    unit: int = 1
    """How much of `amount` makes one of `count`."""
    cadres: bool = False
    """Only the committee's members are asked."""
    since: dt.date | None = None
    """Duties that begin earlier are none: a published pack asks for nothing in the past."""
    until: dt.date | None = None
    """The last day on which a duty may begin; what changes ends, and goes on under an id of its own."""
    festivals: tuple[str, ...] = ()
    festivals_by: str | None = None
    """Setting that chooses among them: a committee or a branch has its own."""
    due: Due
    remind: tuple[int, ...]
    remind_on: str | None = None
    """Setting with the fixed day of the month from which reminders count instead of the due date."""
    remind_in: Unit = Unit.DAYS
    pace: str | None = None
    """Setting with what each member should have by each of the reminders: one goes out only while somebody has less."""
    above: tuple[int, ...] = ()
    """Offsets of reminders that go to the superior as well."""
    member: bool = False
    """Reminders go to the member whom it is about as well."""
    overdue: int = 1
    escalate: int | None = None
    overdue_in: Unit = Unit.DAYS
    """Of both the mark and the escalation."""
    role: Role
    source: str
    mark: str = "D"
    """Confidence of the figures (rules 0.1)."""
    again: bool = False
    """The same thing may begin it again once it is done."""
    begin: tuple[Beginning, ...] = ()
    move: tuple[Moving, ...] = ()
    proof: tuple[Proof, ...] = ()
    drop: tuple[Watched, ...] = ()
    """Events after which there is nothing left to do."""

    @property
    def tasks(self) -> tuple[str, ...]:
        return (self.task, *self.also)

    @property
    def norms(self) -> tuple[str, ...]:
        """The norms whose tasks it proves; tasks bear the number of their norm: `N09.T01`."""
        return tuple(dict.fromkeys(task.partition(".")[0] for task in self.tasks))

    @property
    def tracked(self) -> bool:
        """Whether the view has to know which subjects it runs for."""
        return self.again or any(one.every for one in (*self.proof, *self.drop, *self.move))

    def runs(self, on: dt.date) -> bool:
        """Whether a duty may begin on a day."""
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)

    def reminders(self, anchor: dt.date) -> list[tuple[int, dt.date]]:
        """Each offset with its day, counted from the due date or from the fixed day."""
        return [(offset, shifted(anchor, offset, self.remind_in)) for offset in self.remind]

    def overdue_from(self, due_on: dt.date) -> dt.date:
        return shifted(due_on, self.overdue, self.overdue_in)

    def escalated_from(self, due_on: dt.date) -> dt.date | None:
        return None if self.escalate is None else shifted(due_on, self.escalate, self.overdue_in)

    def watched(self) -> tuple[Watched, ...]:
        return (*self.begin, *self.move, *self.proof, *self.drop)

    def fault(self) -> str | None:
        """What is wrong with it, if anything."""
        return self._fault_of_subject() or self._fault_of_due() or self._fault_of_proof()

    def _fault_of_subject(self) -> str | None:
        if (self.of is Of.EVENT) != bool(self.begin):
            return "of = event and begin go together"
        if self.period is Period.ON_EVENT and self.of not in {Of.EVENT, Of.FESTIVAL}:
            return f"of = {self.of} needs a period"
        if (self.of is Of.FESTIVAL) != bool(self.festivals):
            return "of = festival and festivals go together"
        if self.since is not None and self.until is not None and self.until < self.since:
            return "it ends before it begins"
        if self.of in {Of.GROUP, Of.FESTIVAL} and any(proof.subject is None for proof in self.proof):
            return f"the proofs of a {self.of}'s duty name the {self.of}"
        return None

    def _fault_of_due(self) -> str | None:
        on_event = self.of is Of.EVENT and self.period is Period.ON_EVENT
        if self.of is Of.FESTIVAL:
            fits = self.due.rule is DueRule.FESTIVAL
        else:
            fits = on_event == (self.due.rule in COUNTED | {DueRule.STATED}) and self.due.rule is not DueRule.FESTIVAL
        if not fits:
            return f"a due rule {self.due.rule} does not fit"
        if (self.due.rule is DueRule.STATED) != (self.due.field is not None):
            return "due = stated and field go together"
        if (self.due.rule in SET) != (self.due.setting is not None):
            return f"a due rule {self.due.rule} needs a setting, or needs none"
        if self.overdue < 1 or (self.escalate is not None and self.escalate < self.overdue):
            return "overdue comes after the due date, escalation not before that"
        if not set(self.above) <= set(self.remind):
            return "what goes to the superior as well is an offset of remind"
        return None

    def _fault_of_proof(self) -> str | None:
        if self.pace is not None and self.how is not How.EVERYONE:
            return "pace is of a duty of every member"
        if (self.how is How.EVERYONE) != any(proof.people for proof in self.proof):
            return "how = everyone and people go together"
        if not self.proof and self.how not in {How.ALL_PAID, How.GROUPED, How.NOTICE}:
            return "nothing proves it"
        return None


class Continuous(Entry, frozen=True, kw_only=True):
    """A task without a due date: how long ago its last evidence was (rules 0.5)."""

    also: tuple[str, ...] = ()
    role: Role
    source: str
    mark: str = "D"
    proof: tuple[Watched, ...]

    @property
    def tasks(self) -> tuple[str, ...]:
        return (self.id, *self.also)


class Undo(Part, frozen=True, kw_only=True):
    """An event that takes proofs and beginnings back; it knows them by what they are about."""

    event: str
    where: dict[str, tuple[str, ...]] = {}
    thing: str
    takes: tuple[str, ...] = ()
    """Tags of what it takes back; without any, every event of its noun about the same thing."""
    names: str | None = None
    """Field that says which entry it was: its tag, the part of it after the noun, or a word of `called`; the last one of that tag goes."""
    called: dict[str, str] = {}
    whole: tuple[str, ...] = ()
    """Values of `names` with which the whole case goes."""


class DeadlineFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file `deadlines.toml`."""

    deadline: tuple[Deadline, ...]
    continuous: tuple[Continuous, ...] = ()
    undo: tuple[Undo, ...] = ()


class Festival(Entry, frozen=True, kw_only=True):
    """A festival with its date of each year."""

    fixed: str | None = None
    """Month and day, where it is the same every year."""
    dates: tuple[dt.date, ...] = ()
    """The days of a festival of the lunar calendar, in order."""

    def on(self, year: int) -> dt.date | None:
        """Its date in a year, where it is known."""
        if self.fixed is not None:
            return dt.date.fromisoformat(f"{year:04d}-{self.fixed}")
        return next((day for day in self.dates if day.year == year), None)

    def near(self, day: dt.date) -> dt.date:
        """Its date that is nearest to a day."""
        known = [date for year in (day.year - 1, day.year, day.year + 1) if (date := self.on(year)) is not None]
        return min(known or self.dates, key=lambda date: abs(date - day))


class FestivalFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file `festivals.toml`."""

    festival: tuple[Festival, ...]
