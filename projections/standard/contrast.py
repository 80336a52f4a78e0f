"""One branch's year under two packs: whether its grade changes, and which norms make the difference. Pure."""

import msgspec

from events.assessment import AssessmentGrade, Hundredths
from projections.standard.score_tree import Ground, Level, Node, Reason, Score, leaves


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the total that differs, in hundredths; the biggest first."""

    id: str
    zh: str
    en: str
    now: Hundredths
    draft: Hundredths


class Contrast(msgspec.Struct, frozen=True, kw_only=True):
    """What counts now, as published or else as worked out, beside what the draft would give."""

    org_id: str
    name: str
    published: bool
    total: Hundredths
    grade: AssessmentGrade | None
    draft_total: Hundredths
    draft_grade: AssessmentGrade | None
    changes_grade: bool
    thresholds: bool
    """Whether the draft draws the lines between the grades elsewhere."""
    why: tuple[Cause, ...]


class Later(msgspec.Struct, frozen=True, kw_only=True):
    """A leaf that stands otherwise than it did: what was recorded since has changed it. None where it was not there."""

    leaf: str
    zh: str
    en: str
    period: str
    subject: str
    then: Reason | None
    now: Reason | None
    events: tuple[str, ...]
    """Those that it rests on now and did not then."""


def since(then: Score, now: Score) -> tuple[Later, ...]:
    """What came between two days of one branch's year, leaf by leaf. Shares that only moved with the others are left out."""
    before, after = ({one.id: one for one in leaves(score.total)} for score in (then, now))
    found = [_later(name, before.get(name), after.get(name)) for name in {**before, **after}]
    return tuple(sorted((one for one in found if one is not None), key=lambda one: one.leaf))


def _later(name: str, then: Node | None, now: Node | None) -> Later | None:
    shown = now or then
    assert shown is not None
    was, stands = (None if one is None else one.ground for one in (then, now))
    if was is not None and stands is not None and _same(was, stands):
        return None
    ground = stands or was
    return Later(
        leaf=name,
        zh=shown.zh,
        en=shown.en,
        period="" if ground is None else ground.period,
        subject="" if ground is None else ground.subject,
        then=None if was is None else was.reason,
        now=None if stands is None else stands.reason,
        events=() if stands is None else tuple(one for one in stands.events if was is None or one not in was.events),
    )


def _same(was: Ground, stands: Ground) -> bool:
    return (was.reason, was.credit, was.text, was.done) == (stands.reason, stands.credit, stands.text, stands.done)


def contrast(org_id: str, name: str, now: Score, draft: Score) -> Contrast:
    """`why` compares what is worked out under both packs; an entered score that was published otherwise is a cause of its own."""
    total, grade = now.result
    before, after = _parts(now.total), _parts(draft.total)
    causes = [_cause(key, before.get(key), after.get(key)) for key in {**before, **after}]
    if now.published is not None:
        causes += [
            Cause(
                id=f"published:{one.component}",
                zh="公布结果与计算结果不同",
                en="Published otherwise",
                now=one.published,
                draft=one.computed,
            )
            for one in now.differences
        ]
    return Contrast(
        org_id=org_id,
        name=name,
        published=now.published is not None,
        total=total,
        grade=grade,
        draft_total=draft.total.got,
        draft_grade=draft.grade,
        changes_grade=grade is not None and draft.grade is not None and grade is not draft.grade,
        thresholds=now.grades != draft.grades,
        why=tuple(
            sorted((cause for cause in causes if cause.now != cause.draft), key=lambda cause: (-abs(cause.draft - cause.now), cause.id))
        ),
    )


def _parts(total: Node) -> dict[str, Node]:
    """The indicators of each component; a component without any stands for itself."""
    found = {}
    for component in total.children:
        for one in component.children:
            name = f"{component.id}:{one.id}" if one.level is Level.INDICATOR else component.id
            found[name] = one if one.level is Level.INDICATOR else component
        if not component.children:
            found[component.id] = component
    return found


def _cause(name: str, now: Node | None, draft: Node | None) -> Cause:
    shown = now or draft
    assert shown is not None
    return Cause(id=name, zh=shown.zh, en=shown.en, now=0 if now is None else now.got, draft=0 if draft is None else draft.got)
