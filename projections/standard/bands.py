"""The groups of the statistics as data: age bands, education, when members joined (`packs/statistics.toml`)."""

import datetime as dt
import functools
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from projections.standard.codes import CODES
from projections.standard.norms import Entry
from projections.standard.pack import FOLDER
from projections.standard.reading import PackError, read

FILE = "statistics.toml"


class AgeBand(Entry, frozen=True, kw_only=True):
    """Ages from - to, both included."""

    first: int = msgspec.field(name="from", default=0)
    last: int = msgspec.field(name="to", default=999)


class JoinBand(Entry, frozen=True, kw_only=True):
    """Days of admission from - to, both included."""

    first: dt.date = msgspec.field(name="from", default=dt.date.min)
    last: dt.date = msgspec.field(name="to", default=dt.date.max)


class EducationGroup(Entry, frozen=True, kw_only=True):
    """Codes of the list of education that are counted together."""

    codes: tuple[str, ...]


class Bands(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file `statistics.toml`; `majority` is the code of the majority nationality."""

    majority: str
    age: tuple[AgeBand, ...]
    education: tuple[EducationGroup, ...]
    joined: tuple[JoinBand, ...]


def load(folder: Path = FOLDER) -> Bands:
    """Reads and checks the bands. Raises `PackError`: every age, day and code belongs to one group, and to one only."""
    bands = read(folder / FILE, Bands)
    _check_chain("age", [(band.first, band.last + 1) for band in bands.age])
    _check_chain("joined", [(band.first.toordinal(), band.last.toordinal() + 1) for band in bands.joined])
    codes = [code for group in bands.education for code in group.codes]
    if sorted(codes) != sorted(CODES["education"]):
        raise PackError(FILE, None, "education: every code of the list stands in one group, and in one only")
    if bands.majority not in CODES["nation"]:
        raise PackError(FILE, None, f"majority: there is no nationality {bands.majority}")
    return bands


def _check_chain(name: str, edges: Sequence[tuple[int, int]]) -> None:
    """Each band begins where the one before ends."""
    broken: Iterable[int] = (number for number in range(1, len(edges)) if edges[number][0] != edges[number - 1][1])
    at = next(iter(broken), None)
    if not edges or at is not None:
        raise PackError(FILE, None, f"{name}: band {1 if at is None else at + 1} does not begin where the one before ends")


@functools.cache
def bands() -> Bands:
    """The bands that ship with the program."""
    return load()
