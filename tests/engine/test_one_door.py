"""The one door for reads: each function looks at the reader's scope before it looks at anything else, found from the door itself."""

import datetime as dt
import inspect
import typing
import uuid
from typing import Any

import pytest

from events.base import OrgId
from events.store.keys import Keys, MemoryKeyStore
from events.store.memory import MemoryBooks
from projections.query import Views
from projections.query_across import AcrossViews
from projections.query_documents import DocumentViews
from projections.shapes import Absence, Scope

HERE, FOREIGN = OrgId("C-A"), OrgId("C-B")
SCOPE = Scope(orgs=frozenset({HERE}))
FILLED: dict[Any, Any] = {int: 1, dt.date: dt.date(2026, 1, 1), uuid.UUID: uuid.UUID(int=1)}
KNOWN = {"ledger": "L01", "code": "roll", "org_id": FOREIGN, "scope": SCOPE}
DOORS = (Views, DocumentViews, AcrossViews)


class Asked(Exception):
    """A query reached the database."""


class Database:
    """Tells what would have been asked."""

    def connect(self) -> "Database":
        return self

    async def __aenter__(self) -> typing.Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    async def execute(self, query: Any, *_: object) -> None:
        raise Asked(query)


def reads(door: type) -> list[Any]:
    """The functions of a door that take a scope."""
    return [
        pytest.param(door, name, id=f"{door.__name__}.{name}")
        for name, function in inspect.getmembers(door, inspect.iscoroutinefunction)
        if "scope" in inspect.signature(function).parameters
    ]


def of_one_organisation(door: type) -> list[Any]:
    return [case for case in reads(door) if "org_id" in inspect.signature(getattr(door, case.values[1])).parameters]


def across(door: type) -> list[Any]:
    """Those that need no organisation: what they tell is of all in scope."""
    return [case for case in reads(door) if "org_id" not in asked_for(getattr(door, case.values[1]))]


def asked_for(function: Any) -> list[str]:
    """The arguments that have to be given."""
    return [name for name, one in inspect.signature(function).parameters.items() if one.default is one.empty]


def opened(door: type) -> Any:
    database: Any = Database()
    views = Views(database, MemoryBooks(), Keys(MemoryKeyStore()))
    return {Views: views, DocumentViews: views.documents, AcrossViews: views.across}[door]


def call(door: type, name: str, *more: str) -> Any:
    """With something for every argument that has to be given, and for these."""
    function = getattr(opened(door), name)
    hints = typing.get_type_hints(function)
    wanted = dict.fromkeys([*asked_for(function), *more])
    return function(**{key: KNOWN.get(key, FILLED.get(hints[key], "x" if hints[key] in {str, OrgId} else ())) for key in wanted})


@pytest.mark.parametrize(("door", "name"), [case for door in DOORS for case in of_one_organisation(door)])
async def test_a_foreign_organisation_is_absent_before_anything_is_read(door: type, name: str):
    with pytest.raises(Absence, match=FOREIGN):
        await call(door, name, "org_id")


@pytest.mark.parametrize(("door", "name"), [*across(Views), *across(AcrossViews)])
async def test_what_goes_over_many_organisations_is_asked_for_those_in_scope_only(door: type, name: str):
    with pytest.raises(Asked) as asked:
        await call(door, name)
    (query,) = asked.value.args
    assert [HERE] in query.compile().params.values()
