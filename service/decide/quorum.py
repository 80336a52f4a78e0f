"""Quorum and majority in integers: a share is a table `[1, 2]` of the rules (R-A06, R-A07)."""

from projections.standard.rules import Rules


def share(rules: Rules, key: str) -> tuple[int, int]:
    """The numerator and denominator of a threshold."""
    over, under = rules.table(key)
    assert isinstance(over, int), key
    assert isinstance(under, int), key
    return over, under


def at_least(part: int, whole: int, threshold: tuple[int, int]) -> bool:
    """Whether `part` is `threshold` of `whole` or more. Nobody of nobody is no quorum: an empty room decides nothing."""
    over, under = threshold
    return whole > 0 and part * under >= whole * over


def more_than(part: int, whole: int, threshold: tuple[int, int]) -> bool:
    """Whether `part` exceeds `threshold` of `whole`; exactly that share is not enough."""
    over, under = threshold
    return part * under > whole * over
