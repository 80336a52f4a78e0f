"""Arithmetic of points: whole hundredths, shares that add up exactly, totals and grades (R-J01, R-J02). Pure."""

from collections.abc import Iterable, Sequence

from events.assessment import AssessmentGrade, Hundredths

PERCENT = 100
FULL = 10_000
"""A hundred points."""


def apportion(whole: int, weights: Sequence[int]) -> list[int]:
    """Shares by weight that add up to the whole: the largest remainders get what rounding down left over, the first of equals first."""
    every = sum(weights)
    if every == 0:
        return [0] * len(weights)
    shares = [whole * weight // every for weight in weights]
    left = whole - sum(shares)
    order = sorted(range(len(weights)), key=lambda n: (-(whole * weights[n] % every), n))
    for n in order[:left]:
        shares[n] += 1
    return shares


def part(whole: int, share: int, of: int) -> int:
    """`share` of `of` parts, rounded half up."""
    return (2 * whole * share + of) // (2 * of)


def total_of(scores: Sequence[Hundredths], weights: Sequence[int], bonus: Hundredths, penalty: Hundredths) -> Hundredths:
    """Weighted by per cent, rounded half up to a hundredth, with bonus and penalty, held between 0 and 100 points (R-J02)."""
    weighted = sum(score * weight for score, weight in zip(scores, weights, strict=True))
    return max(0, min(FULL, part(weighted, 1, PERCENT) + bonus - penalty))


def grade_of(total: Hundredths, grades: Iterable[tuple[AssessmentGrade, Hundredths]]) -> AssessmentGrade:
    """The best grade whose least total is reached (R-J01, R-J02)."""
    return next(grade for grade, least in sorted(grades, key=lambda row: row[1], reverse=True) if total >= least)
