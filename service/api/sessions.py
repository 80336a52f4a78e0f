"""Signing in and out over the API: a bearer token, never a cookie."""

from typing import Annotated, Any

import msgspec
from litestar import Request, delete, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from service.api.access import token_of
from service.api.problems import documented
from service.auth.accounts import sign_in, sign_out
from service.auth.actor import Actor
from service.auth.rights import Right
from service.errors import NotSignedIn

Short = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class Credentials(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who you are."""

    login: Short
    password: Short


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """Send it as `Authorization: Bearer`; 30 minutes idle, 12 hours at most."""

    token: str


@post("/sessions", operation_id="sign-in", tags=["sessions"], opt={"public": True}, responses=documented(400, 401, 413, 429, 503))
async def create_session(request: "Request[Any, Any, Any]", data: JSONBody[Credentials]) -> Session:
    """A new session with a new token. Unknown logins and wrong passwords look the same; many failures make it slower."""
    address = request.client.host if request.client else ""
    token, _actor = await sign_in(request.app.state.engine, data.login, data.password, address)
    return Session(token=token)


@delete("/sessions", operation_id="sign-out", tags=["sessions"], opt={"right": Right.OWN_READ}, responses=documented(401, 503))
async def end_session(request: "Request[Any, Any, Any]", actor: NamedDependency[Actor]) -> None:  # noqa: ARG001
    """Ends the session at once."""
    token = token_of(request)
    if token is None:
        raise NotSignedIn
    await sign_out(request.app.state.engine, token)
    request.app.state.doorman.forget(token)


HANDLERS = [create_session, end_session]
