"""The shape of a scoring scheme: what each norm and task is worth, and what a duty done late, in part or not at all brings (R-J02)."""

import datetime as dt
import enum
from collections.abc import Iterable, Mapping
from typing import Annotated

import msgspec

from events.assessment import Component
from projections.standard.norms import Standard
from projections.standard.reading import PackError

Share = Annotated[int, msgspec.Meta(ge=0, le=100)]
"""Per cent."""
Weight = Annotated[int, msgspec.Meta(ge=0, le=10_000)]


class Waived(enum.StrEnum):
    """How a duty weighs from which the branch was let off."""

    LEFT_OUT = "left_out"
    """It is not counted at all; the others weigh the more."""
    FULL = "full"
    NOTHING = "nothing"


class LateStep(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Done at most so many days late, it brings so much."""

    days: Annotated[int, msgspec.Meta(ge=1)]
    credit: Share


class Indicator(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a norm is worth among the norms. A task that is not named weighs 1; one that weighs 0 is not scored."""

    norm: str
    points: Weight
    task: Mapping[str, Weight] = {}


class Scheme(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How routine work is scored in the years that begin on or after `effective_from`."""

    effective_from: dt.date
    mark: str
    source: str
    on_time: Share
    extended: Share
    """Done in time once the superior gave more time."""
    late: tuple[LateStep, ...]
    later: Share
    """Done later than the last step."""
    partial: Share
    """Of the part that was done where the whole was not, once it is overdue."""
    waived: Waived
    judged: Mapping[str, str]
    """Component that is judged, not counted -> the task under which it stands."""
    indicator: tuple[Indicator, ...]

    def late_credit(self, days: int) -> int:
        """Per cent for a duty done so many days after its date."""
        return next((step.credit for step in self.late if days <= step.days), self.later)

    def fault(self, standard: Standard) -> str | None:
        """What is wrong with it, if anything."""
        tasks = {norm.id: {task.id for task in norm.task} for norm in standard.norm}
        every = set().union(*tasks.values())
        days = [step.days for step in self.late]
        brought = [self.on_time, *(step.credit for step in self.late), self.later]
        judged = {component.value for component in Component if component is not Component.ROUTINE}
        if days != sorted(set(days)) or brought != sorted(brought, reverse=True):
            return "what is done later may not bring more"
        if set(self.judged) != judged or not set(self.judged.values()) <= every:
            return f"judged names a task for each of {', '.join(sorted(judged))}"
        if sum(indicator.points for indicator in self.indicator) == 0:
            return "no norm is worth a point"
        return self._fault_of_indicators(tasks)

    def _fault_of_indicators(self, tasks: Mapping[str, set[str]]) -> str | None:
        seen: set[str] = set()
        for indicator in self.indicator:
            if indicator.norm not in tasks:
                return f"there is no norm {indicator.norm}"
            if indicator.norm in seen:
                return f"{indicator.norm} stands twice"
            if strange := sorted(set(indicator.task) - tasks[indicator.norm]):
                return f"{indicator.norm} has no task {', '.join(strange)}"
            seen.add(indicator.norm)
        return None


class SchemeFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file `scoring.toml`."""

    scheme: tuple[Scheme, ...]


def check(schemes: Iterable[Scheme], standard: Standard) -> None:
    """At least one scheme, each with its own date, and nothing in it that the norms do not know. Raises `PackError`."""
    dated: set[dt.date] = set()
    for scheme in schemes:
        fault = "two schemes have this date" if scheme.effective_from in dated else scheme.fault(standard)
        if fault is not None:
            raise PackError("scoring.toml", None, f"{scheme.effective_from}: {fault}")
        dated.add(scheme.effective_from)
    if not dated:
        raise PackError("scoring.toml", None, "there is no scheme")


def scheme_of(schemes: Iterable[Scheme], year: int) -> Scheme:
    """The scheme of a year: the newest one in force on its first day; before the oldest, the oldest. A year never changes its scheme."""
    ordered = sorted(schemes, key=lambda scheme: scheme.effective_from)
    return next((scheme for scheme in reversed(ordered) if scheme.effective_from <= dt.date(year, 1, 1)), ordered[0])
