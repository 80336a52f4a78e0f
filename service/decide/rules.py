"""The rules that were changed by event: what the bus gives to every decider, beside the standard pack."""

from events.base import Event
from events.organisations import RuleChanged
from projections.standard.rules import Override
from service.decide.base import Fold, own

Overrides = tuple[Override, ...]


def evolve(overrides: Overrides, event: Event) -> Overrides:
    assert isinstance(event, RuleChanged), "the stream `rules` holds nothing else"
    return (*overrides, Override(key=event.key, value=event.value, effective_from=event.effective_from))


RULES = Fold[Overrides](name="rules", book=own, stream=lambda _command: "rules", initial=(), evolve=evolve)
