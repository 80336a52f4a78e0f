"""Whatever goes wrong leaves as `application/problem+json` (RFC 9457): no stack trace, no SQL, no personal data."""

from http import HTTPStatus
from typing import Any

import asyncpg
import msgspec
import sqlalchemy.exc
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.openapi.datastructures import ResponseSpec

from events.store.clerk import LOST
from projections.shapes import Absence
from projections.standard.refusals import refusal
from service.errors import BranchbookError, BuiltUpon, NotSignedIn, Problem, Refused, TooManyAttempts, Unavailable, UnfitFile

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = "2"
UNFIT = "22"
AWAY = ("08", "40", "53", "55", "57", "58")
"""Classes of SQLSTATE: data exception; connection, rollback, resources, locks, operator, system."""
TEXTS: dict[int, tuple[str, str]] = {
    400: ("请求格式不正确", "The request is malformed"),
    401: ("请先登录", "Please sign in"),
    403: ("没有权限", "You have no right to this"),
    404: ("不存在或无权查看", "It does not exist, or you may not know that it does"),
    405: ("不支持的请求方法", "This method is not supported here"),
    409: ("记录已有变化，请刷新后重试", "History moved on since you read it"),
    413: ("请求内容过大", "The request is too large"),
    415: ("不支持的文件", "This file is not taken"),
    422: ("请求不能受理", "The request cannot be accepted"),
    429: ("尝试次数过多，请稍后再试", "Too many attempts; wait a while"),
    500: ("系统内部错误，已记录", "Something went wrong on our side; it is on record"),
    503: ("系统暂时不可用，请稍后再试", "Unavailable for the moment; try again"),
}
MEANINGS = {
    400: "shape",
    401: "not signed in",
    403: "no right",
    404: "absent, or out of sight",
    409: "history moved on",
    413: "too large",
    415: "this kind of file is not taken, or its name says something else",
    422: "a rule refuses (INV-nnn), or the key was used with another body",
    429: "too many attempts or streams",
    503: "unavailable",
}
log = structlog.get_logger("branchbook.api")
Handled = Response[Problem]


def documented(*statuses: int) -> dict[int, ResponseSpec]:
    """The failures of an operation, for its OpenAPI description."""
    return {
        status: ResponseSpec(Problem, description=MEANINGS[status], media_type=MEDIA_TYPE, generate_examples=False) for status in statuses
    }


def problem(status: int, *, detail: str = "", rule: str | None = None, fields: tuple[str, ...] = (), **headers: str) -> Handled:
    """The document; texts follow from the status, or from the rule."""
    if rule is not None:
        text = refusal(rule)
        zh, en = text.zh, text.en
    else:
        zh, en = TEXTS.get(status, TEXTS[500])
    body = Problem(
        type=f"/problems/{rule or HTTPStatus(status).phrase.lower().replace(' ', '-')}",
        status=status,
        title=HTTPStatus(status).phrase,
        detail=detail or en,
        rule=rule,
        zh=zh,
        en=en,
        fields=list(fields),
    )
    return Response(
        body, status_code=status, media_type=MEDIA_TYPE, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )


def refused(_request: "Request[Any, Any, Any]", error: Refused) -> Handled:
    return problem(error.status, detail=error.detail, rule=error.rule, fields=error.fields)


def own_error(_request: "Request[Any, Any, Any]", error: BranchbookError) -> Handled:
    """Absent and forbidden tell nothing of what was asked for."""
    detail = str(error) if error.status in (400, 409) else ""
    if isinstance(error, TooManyAttempts):
        return problem(error.status, Retry_After=str(error.retry_after_s))
    if isinstance(error, Unavailable):
        return problem(error.status, Retry_After=RETRY_AFTER_S)
    if isinstance(error, NotSignedIn):
        return problem(error.status, WWW_Authenticate="Bearer")
    return problem(error.status, detail=detail)


def built_upon(_request: "Request[Any, Any, Any]", error: BuiltUpon) -> Handled:
    """What rests on that which should be taken back, in both languages."""
    answer = problem(error.status, detail=error.en)
    answer.content.zh, answer.content.en = error.zh, error.en
    return answer


def unfit(_request: "Request[Any, Any, Any]", error: UnfitFile) -> Handled:
    """What is wrong with the file, in both languages."""
    answer = problem(error.status, detail=error.en, fields=("file",))
    answer.content.zh, answer.content.en = error.zh, error.en
    return answer


def absence(_request: "Request[Any, Any, Any]", _error: Absence) -> Handled:
    return problem(404)


def malformed(_request: "Request[Any, Any, Any]", error: ValidationException) -> Handled:
    """The border's own check of shape: 400 with the field that is wrong."""
    extra: Any = error.extra or []
    found = extra if isinstance(extra, list) else [extra]
    fields = tuple(str(item.get("key", "")) for item in found if isinstance(item, dict) and item.get("key"))
    messages = "; ".join(str(item.get("message", "")) for item in found if isinstance(item, dict))
    return problem(400, detail=messages or "the body or a parameter has the wrong shape", fields=fields)


def http_error(_request: "Request[Any, Any, Any]", error: HTTPException) -> Handled:
    allowed = (error.headers or {}).get("allow")
    return problem(error.status_code, Allow=allowed) if allowed else problem(error.status_code)


def database(request: "Request[Any, Any, Any]", error: Exception) -> Handled:
    """By SQLSTATE: a value that it cannot hold, a database that is away or overloaded, or a bug of ours."""
    state = getattr(getattr(error, "orig", None) or error, "sqlstate", None) or ""
    if state.startswith(UNFIT):
        return problem(400)
    if state and not state.startswith(AWAY):
        return unexpected(request, error)
    return lost(request, error)


def lost(_request: "Request[Any, Any, Any]", error: Exception) -> Handled:
    log.warning("database away", error=type(error).__name__)
    return problem(503, Retry_After=RETRY_AFTER_S)


def unexpected(request: "Request[Any, Any, Any]", error: Exception) -> Handled:
    """A bug: the log gets the kind of error and where, never the values."""
    log.error("unexpected", error=type(error).__name__, path=request.scope.get("path_template", ""), exc_info=error)
    return problem(500)


def shape(_request: "Request[Any, Any, Any]", error: msgspec.ValidationError) -> Handled:
    return problem(400, detail=str(error))


def no_text(_request: "Request[Any, Any, Any]", _error: UnicodeDecodeError) -> Handled:
    return problem(400, detail="the body is not UTF-8")


HANDLERS: Any = {
    Refused: refused,
    UnfitFile: unfit,
    BuiltUpon: built_upon,
    BranchbookError: own_error,
    Absence: absence,
    msgspec.ValidationError: shape,
    ValidationException: malformed,
    HTTPException: http_error,
    UnicodeDecodeError: no_text,
    sqlalchemy.exc.DBAPIError: database,
    sqlalchemy.exc.TimeoutError: lost,
    asyncpg.PostgresError: database,
    **dict.fromkeys(LOST, lost),
    Exception: unexpected,
}
