"""The standard pack: norms, settings and everything else that is data, typed and checked when loaded."""

import bisect
import datetime as dt
import functools
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from projections.standard import checks, material_file
from projections.standard.deadlines import Continuous, Deadline, DeadlineFile, Festival, FestivalFile, Undo
from projections.standard.material_file import Material
from projections.standard.norms import Register, Standard
from projections.standard.reading import PackError, line_of_reason, parse
from projections.standard.registers import completed
from projections.standard.rules import Override, Rules, Setting, Value, in_force
from projections.standard.schemes import Scheme, SchemeFile
from projections.standard.schemes import check as check_schemes

FOLDER = Path(__file__).with_name("packs")
"""The pack that ships with the program."""
FILES = ("norms.toml", "settings.toml", "deadlines.toml", "festivals.toml", "scoring.toml", "materials.toml")
"""What makes a pack. Other files in the folder are words of the program."""

Texts = Mapping[str, str]
"""File -> what stands in it."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file `settings.toml`."""

    setting: tuple[Setting, ...]


class Pack(msgspec.Struct, frozen=True, kw_only=True):
    """One version of the standard. `settings` may hold a key several times, with different dates."""

    standard: Standard
    settings: tuple[Setting, ...]
    deadlines: tuple[Deadline, ...]
    continuous: tuple[Continuous, ...]
    undos: tuple[Undo, ...]
    festivals: Mapping[str, Festival]
    schemes: tuple[Scheme, ...]
    registers: Mapping[str, Register]
    materials: Mapping[str, Material]
    undone: Mapping[str, material_file.Undo]
    """By the tag of the event that takes the proof of a material back."""
    texts: Texts
    eras: tuple[Rules, ...]
    """The settings alone, folded for each date on which one of them changes."""

    @property
    def bundle(self) -> bytes:
        """The files in one text, always the same bytes for the same files."""
        return msgspec.json.encode(self.texts, order="sorted")

    @property
    def digest(self) -> str:
        """SHA-256 of the bundle in hex."""
        return hashlib.sha256(self.bundle).hexdigest()

    def all_along(self) -> "Pack":
        """As if its newest state had always been in force: nothing has begun later or ended, each rule has its last value."""
        newest = [msgspec.structs.replace(setting, effective_from=dt.date.min) for setting in self._newest()]
        return msgspec.structs.replace(
            self,
            settings=tuple(newest),
            eras=eras(newest),
            deadlines=tuple(msgspec.structs.replace(one, since=None) for one in self.deadlines if one.until is None),
            schemes=(max(self.schemes, key=lambda scheme: scheme.effective_from),),
        )

    def _newest(self) -> Iterable[Setting]:
        return {setting.key: setting for setting in sorted(self.settings, key=lambda one: one.effective_from)}.values()

    def setting(self, key: str) -> Setting | None:
        """The newest version of a setting, for its texts, its source and the shape of its value."""
        return max((s for s in self.settings if s.key == key), key=lambda s: s.effective_from, default=None)

    def accepts(self, key: str, value: Value) -> bool:
        """Whether there is such a rule and a value has its shape, so that an event may set it so."""
        known = self.setting(key)
        return known is not None and same_shape(known.value, value)

    def deadline(self, deadline_id: str) -> Deadline:
        return next(deadline for deadline in self.deadlines if deadline.id == deadline_id)

    def rules(self, on: dt.date, overrides: Iterable[Override] = ()) -> Rules:
        """The rules in force on a day, with what was changed by event."""
        era = self.eras[bisect.bisect_right(self.eras, on, key=lambda rules: rules.on) - 1]
        changed = in_force((), overrides, on).values
        return Rules(on, {**era.values, **changed} if changed else era.values)


def texts(folder: Path = FOLDER) -> dict[str, str]:
    """The files of a pack. Raises `FileNotFoundError`."""
    return {name: (folder / name).read_text(encoding="utf-8") for name in FILES}


def unbundled(data: bytes) -> dict[str, str]:
    """The files from a bundle. Raises `msgspec.ValidationError` or `msgspec.DecodeError` for other bytes."""
    return msgspec.json.decode(data, type=dict[str, str])


def load(folder: Path = FOLDER) -> Pack:
    """Reads and checks a pack. Raises `PackError` with file, line and reason, or `FileNotFoundError`."""
    return assemble(texts(folder))


def assemble(files: Texts) -> Pack:
    """The pack that these files make. Raises `PackError` with the line that defines what is wrong."""
    return _assembled(files, None)


def recorded(files: Texts) -> Pack:
    """The pack of a published version, which may be older than a register of this program. Raises `PackError`."""
    return _assembled(files, _parsed(texts()))


def _assembled(files: Texts, shipped: Standard | None) -> Pack:
    try:
        return _whole(files, shipped)
    except PackError as error:
        if error.line is not None:
            raise
        raise PackError(error.file, line_of_reason(files[error.file], error.reason), error.reason) from error


def _parsed(files: Texts) -> Standard:
    return parse("norms.toml", files["norms.toml"], Standard)


def _whole(files: Texts, shipped: Standard | None) -> Pack:
    standard = _parsed(files) if shipped is None else completed(_parsed(files), shipped)
    settings = parse("settings.toml", files["settings.toml"], Settings).setting
    deadlines = parse("deadlines.toml", files["deadlines.toml"], DeadlineFile)
    festivals = {one.id: one for one in parse("festivals.toml", files["festivals.toml"], FestivalFile).festival}
    scoring = parse("scoring.toml", files["scoring.toml"], SchemeFile)
    materials = parse("materials.toml", files["materials.toml"], material_file.File)
    checks.ids(standard)
    checks.registers(standard)
    checks.settings(settings)
    checks.deadlines(deadlines, standard, {setting.key for setting in settings}, festivals.keys())
    check_schemes(scoring.scheme, standard)
    return Pack(
        standard=standard,
        settings=settings,
        deadlines=deadlines.deadline,
        continuous=deadlines.continuous,
        undos=deadlines.undo,
        festivals=festivals,
        schemes=scoring.scheme,
        registers={one.id: one for ledger in standard.ledger for one in ledger.register},
        materials=material_file.join(standard, materials.material),
        undone=materials.undos(),
        texts={name: files[name] for name in FILES},
        eras=eras(settings),
    )


def eras(settings: Iterable[Setting]) -> tuple[Rules, ...]:
    """Before the first date of a key its first value holds, for no older one is known."""
    settings = tuple(settings)
    first: dict[str, Value] = {}
    for setting in sorted(settings, key=lambda s: s.effective_from):
        first.setdefault(setting.key, setting.value)
    days = (dt.date.min, *sorted({setting.effective_from for setting in settings}))
    return tuple(Rules(day, {**first, **in_force(settings, (), day).values}) for day in days)


def same_shape(model: object, value: object) -> bool:
    """The same kind of value, in lists likewise; a share such as `[1, 2]` stays two numbers, the lower one above 0."""
    if not isinstance(model, list) or not isinstance(value, list):
        return type(model) is type(value)
    if len(model) == 2 and all(type(part) is int for part in model):
        return len(value) == 2 and all(type(part) is int for part in value) and value[1] > 0
    return all(not model or any(same_shape(part, new) for part in model) for new in value)


_ADOPTED: dict[str, str] = {}


def adopt(files: Texts) -> None:
    """From its start on, this process works with another pack than the one that ships. Raises `RuntimeError` once it has begun."""
    if default_pack.cache_info().currsize and default_pack().texts != files:
        raise RuntimeError("this process works with another standard pack already")
    _ADOPTED.update(files)


@functools.cache
def default_pack() -> Pack:
    """The pack that this process works with, the same all its life: the published one that it adopted, else the one that ships."""
    return recorded(_ADOPTED) if _ADOPTED else load()
