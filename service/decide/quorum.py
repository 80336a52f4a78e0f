"""Quorum and majority in integers: a share is a table `[1, 2]` of the rules (R-A06, R-A07)."""

from projections.standard.rules import Rules


def share(rules: Rules, key: str) -> tuple[int, int]:
    """The numerator and denominator of a threshold."""
    over, under = rules.table(key)
    assert isinstance(over, int), key
    assert isinstance(under, int), key
    return over, under


def quorum(whole: int, threshold: tuple[int, int]) -> int:
    """The least number that is `threshold` of `whole` or more; at least one, for an empty room decides nothing."""
    over, under = threshold
    return max(1, -(-whole * over // under))


def majority(whole: int, threshold: tuple[int, int]) -> int:
    """The least number that exceeds `threshold` of `whole`; exactly that share is not enough."""
    over, under = threshold
    return whole * over // under + 1
