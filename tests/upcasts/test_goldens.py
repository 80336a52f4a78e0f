"""Every payload that was ever stored is read for ever: one golden body for each event and each of its schemas."""

import pytest

from events.base import tag_of
from events.catalog import EVENTS, UPCASTS
from events.store.codec import decode_body
from tests.upcasts.write import FOLDER, golden, stored

SCHEMAS = [(tag, schema) for tag, event in EVENTS.items() for schema in range(1, event.schema + 1)]


def test_there_is_a_golden_for_every_schema_and_none_is_lost():
    """A missing one is written by `python -m tests.upcasts.write`; one too many means that a stored event was renamed."""
    assert sorted(path.name for path in FOLDER.glob("*.json")) == sorted(golden(tag, schema).name for tag, schema in SCHEMAS)


@pytest.mark.parametrize(("tag", "schema"), SCHEMAS)
def test_it_is_read_as_todays_event(tag, schema):
    event = decode_body(tag, schema, golden(tag, schema).read_bytes())
    assert tag_of(event) == tag


@pytest.mark.parametrize("tag", EVENTS)
def test_todays_event_is_written_with_the_very_same_bytes(tag):
    body = golden(tag, EVENTS[tag].schema).read_bytes().rstrip(b"\n")
    assert stored(decode_body(tag, EVENTS[tag].schema, body)) == body


def test_every_older_schema_has_a_step_to_the_next():
    assert set(UPCASTS) == {(tag, schema) for tag, schema in SCHEMAS if schema < EVENTS[tag].schema}
