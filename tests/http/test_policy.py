"""The policy table is whole: no route, command or right stands outside it."""

from pathlib import Path
from typing import Any

from msgspec import structs

from events.base import OrgId, PersonId
from service.api.access import may_send, scope_of
from service.app import create_app
from service.auth.actor import Actor, Role
from service.auth.policy import POLICY
from service.auth.rights import Right
from service.config import Settings
from service.decide.base import command_name
from service.decide.catalog import CASES


def routes() -> list[Any]:
    app = create_app(Settings(home=Path("home"), database_url="postgresql://nobody@/nothing"))
    return [handler for route in app.routes for handler in getattr(route, "route_handlers", [])]


def test_a_route_without_a_policy_is_an_error():
    bare = [
        str(handler)
        for handler in routes()
        if "OPTIONS" not in handler.http_methods
        and "/schema" not in str(handler.paths)
        and not ({"right", "public"} & handler.opt.keys())
        and "openapi" not in str(handler)
    ]
    assert bare == []


def test_whatever_is_sent_to_an_organisation_is_guarded_before_its_body_is_looked_at():
    bare = [
        str(handler)
        for handler in routes()
        if not {"GET", "HEAD", "OPTIONS"}.issuperset(handler.http_methods)
        and any("{org_id" in path for path in handler.paths)
        and may_send not in handler.resolve_guards()
    ]
    assert bare == []


def test_every_command_has_a_right_that_somebody_has():
    for case in CASES.values():
        assert POLICY[case.right], command_name(case.command)


def test_every_right_is_in_the_policy_table():
    assert set(POLICY) == set(Right)


def test_an_account_without_a_person_sees_nothing_of_what_one_may_see_of_oneself():
    nobody = Actor(id="x", login="x", role=Role.MEMBER, organisation_id=OrgId("C-A"))
    somebody = structs.replace(nobody, person_id=PersonId("p1"))
    assert scope_of(nobody, Right.OWN_READ).orgs == frozenset()
    own = scope_of(somebody, Right.OWN_READ)
    assert (own.orgs, own.person_id) == (frozenset({"C-A"}), "p1")
