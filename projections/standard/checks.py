"""Whether the parts of a pack fit together: ids once, nothing named that there is not. Each raises `PackError`."""

import datetime as dt
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet

from events.catalog import EVENTS
from projections.standard.deadlines import Beginning, Continuous, Deadline, DeadlineFile, Moving, Proof, Watched
from projections.standard.norms import Standard
from projections.standard.reading import PackError
from projections.standard.registers import REGISTERS
from projections.standard.rules import Setting


def ids(standard: Standard) -> None:
    """Every id once; every norm in a group that exists; tasks and materials bear their norm's number."""
    groups = {group.id for group in standard.group}
    seen: set[str] = set()
    for norm in standard.norm:
        if norm.group not in groups:
            raise PackError("norms.toml", None, f"{norm.id}: there is no group {norm.group}")
        items = [item.id for material in norm.material for item in material.item]
        for name in (norm.id, *(task.id for task in norm.task), *(material.id for material in norm.material), *items):
            if name in seen:
                raise PackError("norms.toml", None, f"{name} stands twice")
            if not name.startswith(norm.id):
                raise PackError("norms.toml", None, f"{name} stands under {norm.id}")
            seen.add(name)


def registers(standard: Standard) -> None:
    """Each register of the program is named once, under its own ledger, and nothing else is."""
    seen: set[str] = set()
    for ledger in standard.ledger:
        if ledger.id in seen:
            raise PackError("norms.toml", None, f"{ledger.id} stands twice")
        seen.add(ledger.id)
        for name in (register.id for register in ledger.register):
            if name not in REGISTERS:
                raise PackError("norms.toml", None, f"the program keeps no register {name}")
            if not name.startswith(f"{ledger.id}."):
                raise PackError("norms.toml", None, f"{name} stands under {ledger.id}")
            if name in seen:
                raise PackError("norms.toml", None, f"{name} stands twice")
            seen.add(name)
    if missing := next((name for name in REGISTERS if name not in seen), None):
        raise PackError("norms.toml", None, f"{missing.partition('.')[0]} has no name for the register {missing}")


def settings(entries: Iterable[Setting]) -> None:
    """A key has one value for each date, and always the same kind of value."""
    kinds: dict[str, type] = {}
    dated: set[tuple[str, dt.date]] = set()
    for setting in entries:
        if (setting.key, setting.effective_from) in dated:
            raise PackError("settings.toml", None, f"{setting.key} has two values from {setting.effective_from}")
        if kinds.setdefault(setting.key, type(setting.value)) is not type(setting.value):
            raise PackError("settings.toml", None, f"{setting.key} changes the kind of its value")
        dated.add((setting.key, setting.effective_from))


def deadlines(file: DeadlineFile, standard: Standard, keys: AbstractSet[str], festivals: AbstractSet[str]) -> None:
    """An id once; its tasks, settings and festivals exist; its parts fit together."""
    tasks = {task.id for norm in standard.norm for task in norm.task}
    seen: set[str] = set()
    lines: tuple[Deadline | Continuous, ...] = (*file.deadline, *file.continuous)
    for one in lines:
        fault = "stands twice" if one.id in seen else None
        missing = set(one.tasks) - tasks
        if missing:
            fault = f"there is no task {', '.join(sorted(missing))}"
        if fault is None:
            fault = _fault_of_events(one)
        if fault is None and isinstance(one, Deadline):
            fault = _fault(one, keys, festivals)
        if fault is not None:
            raise PackError("deadlines.toml", None, f"{one.id}: {fault}")
        seen.add(one.id)


def _fault(deadline: Deadline, keys: AbstractSet[str], festivals: AbstractSet[str]) -> str | None:
    asked = {
        key for key in (deadline.due.setting, deadline.remind_on, deadline.count, deadline.pace, deadline.festivals_by) if key is not None
    }
    if not asked <= keys:
        return f"there is no setting {', '.join(sorted(asked - keys))}"
    if not set(deadline.festivals) <= festivals:
        return f"there is no festival {', '.join(sorted(set(deadline.festivals) - festivals))}"
    return deadline.fault()


def _fault_of_events(line: Deadline | Continuous) -> str | None:
    """Each event exists and has the fields that are spoken of; of `seat.post` the first."""
    for watched in line.watched() if isinstance(line, Deadline) else line.proof:
        if watched.event not in EVENTS:
            return f"there is no event {watched.event}"
        named = {path.partition(".")[0] for path in _fields(line, watched)}
        if missing := named - set(EVENTS[watched.event].__struct_fields__):
            return f"{watched.event} has no field {', '.join(sorted(missing))}"
    return None


def _fields(line: Deadline | Continuous, watched: Watched) -> Iterator[str]:
    yield from (watched.thing, *watched.where)
    if watched.subject is not None:
        yield watched.subject
    match watched:
        case Beginning(until=until):
            stated = line.due.field if isinstance(line, Deadline) else None
            yield from (field for field in (until, stated) if field is not None)
        case Moving(field=field):
            yield field
        case Proof(months=months, year=year, half=half, people=people, amount=amount):
            yield from (field for field in (*(months or ()), year, half, *people, amount) if field is not None)
        case _:
            pass
