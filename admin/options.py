"""What there is to choose in a form: the members, groups, meetings, letters and payments of the branch, newest first where it matters."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import msgspec

from admin import things
from admin.fields import Field, Option, Widget
from admin.forms import Bound, Form
from admin.reading import Org
from admin.things import Thing
from admin.visit import Visit
from admin.words import named
from projections.standard.codes import CODES
from projections.standard.materials import materials
from service.api.access import scope_of
from service.auth.rights import Right
from service.decide.disclosure.state import BOARD

ROWS_AT_FIRST = 5
"""Empty rows of a group; what is left empty does not count."""

ENTRY = "catalogue_entry"
"""A text that must stand in this year's catalogue: its lines are offered."""

Source = Callable[[Visit, Org], Awaitable[list[Option]]]


async def fill(form: Form, visit: Visit, org: Org) -> None:
    """Gives every field its options; each kind is read once however many fields ask for it."""
    known: dict[Any, list[Option]] = {}
    for bound in _all(form.fields):
        field = bound.field
        if field.widget is Widget.THING:
            if field.thing not in known:
                known[field.thing] = _options(await visit.read.begun(org, field.thing))
            bound.options = known[field.thing]
        elif field.widget in SOURCES:
            if field.widget not in known:
                known[field.widget] = await SOURCES[field.widget](visit, org)
            bound.options = known[field.widget]
        elif field.name == ENTRY:
            bound.options = await _entries(visit, org)
        else:
            bound.options = fixed(field)


def _all(bounds: Iterable[Bound]) -> Iterable[Bound]:
    """The fields, and those of the rows; a group without rows gets empty ones to begin with."""
    for bound in bounds:
        if bound.field.widget is Widget.ROWS:
            if not bound.rows:
                bound.rows = [
                    [_empty(part, f"{bound.field.name}.{number}.") for part in bound.field.parts] for number in range(ROWS_AT_FIRST)
                ]
            for row in bound.rows:
                yield from _all(row)
        yield bound


def _empty(field: Field, prefix: str) -> Bound:
    return Bound(field=field, id=f"f-{prefix}{field.name}", values=[], options=[], errors=[], rows=[])


def fixed(field: Field) -> list[Option]:
    """Choices and official codes, which are the same for everybody."""
    if field.widget is Widget.CHOICE:
        return [Option(choice.value, named(choice)) for choice in field.choices]
    if field.widget is Widget.CODE:
        return [Option(code, f"{code} {text}") for code, text in CODES[field.codes].items()]
    return []


async def _people(visit: Visit, org: Org) -> list[Option]:
    return [Option(person.id, person.name) for person in await visit.read.people(org) if not person.left_on]


async def _groups(visit: Visit, org: Org) -> list[Option]:
    return [Option(group.id, group.name) for group in await visit.read.groups(org)]


async def _meetings(visit: Visit, org: Org) -> list[Option]:
    return _options(await visit.read.meetings(org))


async def _payments(visit: Visit, org: Org) -> list[Option]:
    return _options(things.payments(await visit.read.stream(org, "dues"), await visit.read.names(org)))


async def _decisions(visit: Visit, org: Org) -> list[Option]:
    return _options(things.decisions(await visit.read.stream(org, "dues")))


async def _letters(visit: Visit, org: Org) -> list[Option]:
    """Own letters, and those on their way from the branch that the address names."""
    own = things.letters(await visit.read.stream(org, "transfers"), await visit.read.names(org))
    return _options([*await visit.read.letters_here(org), *own])


async def _orgs(visit: Visit, org: Org) -> list[Option]:
    """Sister branches by name: a letter goes to one of them, although nothing else of theirs can be seen. Of a committee, its branches."""
    if org.committee:
        tree = await visit.read.directives.tree(scope_of(visit.actor, Right.ORGANISATIONS_READ))
        return [Option(code, name) for code, (parent, name) in sorted(tree.items()) if parent == org.id]
    return [Option(other.id, other.name) for other in await visit.read.sisters(org)] if visit.may(Right.TRANSFER_WRITE, org) else []


def _options(found: list[Thing]) -> list[Option]:
    return [Option(thing.id, thing.text) for thing in found]


async def _materials(_visit: Visit, _org: Org) -> list[Option]:
    """The key materials of the standard, by number."""
    return [Option(name, f"{name} {named(material)}") for name, material in materials().items()]


async def _matters(visit: Visit, org: Org) -> list[Option]:
    """The cases and meetings of the branch, by their streams."""
    return _options(await visit.read.matters(org))


async def _entries(visit: Visit, org: Org) -> list[Option]:
    board = await visit.parts.bus.look(org.id, BOARD, "disclosure")
    adopted = board.catalogues.get(visit.today.year)
    return [Option(entry, entry) for entry in (adopted.entries if adopted is not None else ())]


async def _settings(visit: Visit, org: Org) -> list[Option]:
    """The settings of the pack, as the rule sheet calls them, with what holds here today."""
    values = (await visit.parts.bus.rules(org.id, visit.today)).values
    settings = {one.key: one for one in visit.pack.settings}
    return [Option(key, f"{named(setting)} = {_written(values.get(key))} ({key})") for key, setting in settings.items()]


def _written(value: object) -> str:
    """As it would be typed."""
    return msgspec.json.encode(value).decode().strip('"')


SOURCES: dict[Widget, Source] = {
    Widget.SETTING: _settings,
    Widget.PERSON: _people,
    Widget.GROUP: _groups,
    Widget.MEETING: _meetings,
    Widget.LETTER: _letters,
    Widget.PAYMENT: _payments,
    Widget.DECISION: _decisions,
    Widget.ORG: _orgs,
    Widget.MATERIAL: _materials,
    Widget.MATTER: _matters,
}
