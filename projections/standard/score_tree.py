"""The shape of a score that explains itself: total, component, indicator (norm), task, and leaves with their evidence (N26.T04).

Whole hundredths of the total. In every node `most = got + open + lost`, and every figure is the sum of its children's.
"""

import datetime as dt
import enum

import msgspec

from events.assessment import AssessmentGrade, Component, Hundredths


class Level(enum.StrEnum):
    """Where in the tree a node stands."""

    TOTAL = "total"
    COMPONENT = "component"
    INDICATOR = "indicator"
    TASK = "task"
    LEAF = "leaf"


class Reason(enum.StrEnum):
    """Why a leaf has what it has."""

    ON_TIME = "on_time"
    EXTENDED = "extended"
    """Done in the time that was added."""
    LATE = "late"
    NOT_DUE = "not_due"
    OVERDUE = "overdue"
    WAIVED = "waived"
    LAPSED = "lapsed"
    JUDGED = "judged"
    """A score that the superior entered."""
    NOT_JUDGED = "not_judged"
    NOTHING_DUE = "nothing_due"
    BONUS = "bonus"
    PENALTY = "penalty"
    LIMIT = "limit"
    """What goes beyond 0, 100 or a cap is cut."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """An event that would be proof; `where` lists the values that its fields must have."""

    event: str
    where: dict[str, tuple[str, ...]] = {}


class Ground(msgspec.Struct, frozen=True, kw_only=True):
    """What a leaf rests on: the duty or the entry, the events that gave its points, and what is missing for the rest."""

    reason: Reason
    credit: int | None = None
    """Per cent of what it could bring."""
    obligation_id: str = ""
    deadline: str = ""
    period: str = ""
    subject: str = ""
    due_on: dt.date | None = None
    done_on: dt.date | None = None
    done: int = 0
    needed: int = 0
    events: tuple[str, ...] = ()
    """Those that gave its points; of a duty that is not done, those that it has so far."""
    things: tuple[str, ...] = ()
    """The meetings, cases… that these events are about: documents belong to them."""
    missing: tuple[str, ...] = ()
    """Members or months still wanting."""
    wanted: tuple[Wanted, ...] = ()
    """What of it would be proof of the rest: any of these, or each where a duty asks for several kinds."""
    text: str = ""
    """Ground of an adjustment, reason of a waiver, or the score as entered."""
    evidence: str = ""
    confirmed_by: str = ""


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the explanation."""

    id: str
    level: Level
    zh: str
    en: str
    most: Hundredths
    got: Hundredths
    open: Hundredths
    """What can still be had."""
    lost: Hundredths
    ground: Ground | None = None
    children: tuple["Node", ...] = ()


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """The result that is on record: it stands, whatever is worked out later."""

    event_id: str
    graded_on: dt.date
    scores: tuple[Hundredths, ...]
    """As entered, 0 to 100 points, in the order of `Component`."""
    bonus: Hundredths
    penalty: Hundredths
    total: Hundredths
    grade: AssessmentGrade
    closed_on: dt.date | None


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """A component in which what was published and what is worked out differ, in hundredths of the total."""

    component: str
    published: Hundredths
    computed: Hundredths


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """One branch, one year. `published` wins where it is there; the tree stands beside it."""

    year: int
    on: dt.date
    pack: str
    weights: tuple[int, ...]
    grades: tuple[tuple[AssessmentGrade, Hundredths], ...]
    total: Node
    grade: AssessmentGrade | None
    """None as long as a component is not judged."""
    best_grade: AssessmentGrade
    """If everything that is still open were done."""
    routine: Hundredths
    """The computed routine score on its own scale, 0 to 100 points."""
    entered: dict[Component, Hundredths]
    published: Published | None
    differences: tuple[Difference, ...]

    @property
    def result(self) -> tuple[Hundredths, AssessmentGrade | None]:
        """What counts: as published, else as worked out."""
        return (self.total.got, self.grade) if self.published is None else (self.published.total, self.published.grade)


def leaf(name: str, zh: str, en: str, ground: Ground, *, most: int, got: int, still: int = 0) -> Node:
    return Node(id=name, level=Level.LEAF, zh=zh, en=en, most=most, got=got, open=still, lost=most - got - still, ground=ground)


def node(name: str, level: Level, zh: str, en: str, children: tuple[Node, ...]) -> Node:
    """A node is the sum of its children."""
    return Node(
        id=name,
        level=level,
        zh=zh,
        en=en,
        most=sum(child.most for child in children),
        got=sum(child.got for child in children),
        open=sum(child.open for child in children),
        lost=sum(child.lost for child in children),
        children=children,
    )


def leaves(one: Node) -> list[Node]:
    """The leaves below a node, in order."""
    return [one] if one.level is Level.LEAF else [found for child in one.children for found in leaves(child)]
