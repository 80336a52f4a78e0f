"""What the public site says when it has no page to show: always a page in the reader's language, never a word of the address."""

import functools
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy.exc
import structlog
from litestar import Response
from litestar.exceptions import HTTPException

from projections.shapes import Absence, Over
from service.site.addresses import BASE
from service.site.answers import Asking, Unclear, page

log = structlog.get_logger("branchbook.site")
Handle = Callable[[Asking, Any], Response[Any]]
REFUSED = {400: "unclear", 405: "reading_only"}


def absent(request: Asking, _error: Exception) -> Response[bytes]:
    """The same for what does not exist and for what is not open to society; nothing of the address is repeated."""
    return page(request, "error.html", status=404, what="absent")


def over(request: Asking, _error: Over) -> Response[bytes]:
    """410: copies are to be dropped."""
    return page(request, "error.html", status=410, what="gone")


def unclear(request: Asking, _error: Exception) -> Response[bytes]:
    """A day that is none, or lies ahead; an address that is no text."""
    return page(request, "error.html", status=400, what="unclear")


def refused(request: Asking, error: HTTPException) -> Response[bytes]:
    status = error.status_code
    if status >= 500:
        return failed(request, error)
    answer = page(request, "error.html", status=status, what=REFUSED.get(status, "absent"))
    answer.headers.update({name: value for name, value in (error.headers or {}).items() if name.lower() == "allow"})
    return answer


def away(request: Asking, error: Exception) -> Response[bytes]:
    log.warning("site.away", error=type(error).__name__)
    answer = page(request, "error.html", status=503, what="unavailable")
    answer.headers["retry-after"] = "5"
    return answer


def failed(request: Asking, error: Exception) -> Response[bytes]:
    log.error("site.failed", error=type(error).__name__, path=request.scope.get("path_template", ""), exc_info=error)
    return page(request, "error.html", status=500, what="failed")


ERRORS: Mapping[Any, Handle] = {
    Over: over,
    Absence: absent,
    Unclear: unclear,
    UnicodeDecodeError: unclear,
    HTTPException: refused,
    **dict.fromkeys((sqlalchemy.exc.DBAPIError, sqlalchemy.exc.TimeoutError, OSError), away),
    Exception: failed,
}


def around(house: Mapping[Any, Handle]) -> dict[Any, Any]:
    """The handlers of the whole application, but for addresses below the site: what the router itself refuses is a page there too."""
    return {kind: functools.partial(_one, handle, ERRORS.get(kind, failed)) for kind, handle in house.items()}


def _one(house: Handle, site: Handle, request: Asking, error: Exception) -> Response[Any]:
    path = request.scope["path"]
    return site(request, error) if path == BASE or path.startswith(f"{BASE}/") else house(request, error)
