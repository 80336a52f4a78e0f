"""The texts of the named refusals, INV-001 to INV-100 (rule sheet, section 4)."""

import functools
from typing import Annotated

import msgspec

from projections.standard.pack import FOLDER
from projections.standard.reading import read


class Refusal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule that can say no. `records_outcome`: it is recorded what came of it, and only the opposite claim is refused."""

    id: Annotated[str, msgspec.Meta(pattern=r"^INV-\d{3}$")]
    source: str
    zh: str
    en: str
    records_outcome: bool = False


class Refusals(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file `refusals.toml`."""

    refusal: tuple[Refusal, ...]


@functools.cache
def refusals() -> dict[str, Refusal]:
    """All of them by id, in order."""
    return {refusal.id: refusal for refusal in read(FOLDER / "refusals.toml", Refusals).refusal}


def refusal(rule: str) -> Refusal:
    """KeyError for a rule that does not exist: that is a bug."""
    return refusals()[rule]
