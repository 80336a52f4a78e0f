"""What is sealed, field by field: nobody lifts a seal without saying so here, and no sealed text is ever readable in what is stored."""

import tomllib
from pathlib import Path

import msgspec
import pytest
from msgspec import structs

from events.base import PERSONAL, SENSITIVE
from events.catalog import EVENTS
from events.store import codec
from events.store.codec import fields_marked
from events.store.keys import Keys, MemoryKeyStore, is_sealed
from tests.upcasts.samples import sample

KNOWN = tomllib.loads((Path(__file__).parent / "sealed.toml").read_text())
ALWAYS_SENSITIVE = {"id_number", "born_on", "phone", "address", "native_place", "base_yuan"}
"""Whatever is called so in an event about a person is of their papers, home or pay."""

LISTED = {tag: [*KNOWN["sensitive"].get(tag, ()), *KNOWN["personal"].get(tag, ())] for tag in EVENTS}


def marked(mark: object) -> dict[str, list[str]]:
    return {tag: list(fields) for tag, event in EVENTS.items() if (fields := fields_marked(event, mark))}


def test_the_sensitive_fields_are_those_of_the_list():
    assert marked(SENSITIVE) == KNOWN["sensitive"]


def test_the_personal_fields_are_those_of_the_list():
    assert marked(PERSONAL) == KNOWN["personal"]


def test_papers_home_and_pay_are_sensitive_wherever_they_stand():
    bare = {
        f"{tag}.{field}"
        for tag, event in EVENTS.items()
        if "person_id" in event.__struct_fields__
        for field in ALWAYS_SENSITIVE.intersection(event.__struct_fields__) - set(fields_marked(event, SENSITIVE))
    }
    assert bare == set()


@pytest.mark.parametrize("tag", [tag for tag, fields in LISTED.items() if fields])
def test_no_sealed_text_is_readable_in_what_is_stored(tag: str):
    plain = {field: f"readable-{field}" for field in LISTED[tag]}
    keys = Keys(MemoryKeyStore())
    told = structs.replace(sample(EVENTS[tag]), **plain)
    record = codec.encode(told, event_id="0b5e8c1e-3f39-5d0c-9b62-7f7f0c8c9a11", actor="a", by="c", late=None, keys=keys)
    assert b"readable-" not in record
    stored = msgspec.to_builtins(codec.decode_record(record))
    assert all(is_sealed(stored[field]) for field in plain)
    assert {field: keys.open(stored[field]) for field in plain} == plain
