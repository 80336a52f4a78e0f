"""Headers on every answer, whoever gives it: a handler, a refusal, a page that does not exist.

The API needs no guard against other sites: it takes a bearer token and never a cookie. The desk has its own (`admin.border`).
"""

from typing import Any

from litestar.enums import ScopeType

HEADERS = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)
"""Answers hold data of persons: nothing keeps a copy, nothing runs or frames them."""


async def dress(message: Any, scope: Any) -> None:
    """Adds what the answer does not say itself (Litestar's `before_send`, which sees also what has no route)."""
    if scope["type"] == ScopeType.HTTP and message["type"] == "http.response.start":
        own = {name.lower() for name, _ in message["headers"]}
        message["headers"] = [*message["headers"], *(header for header in HEADERS if header[0] not in own)]
