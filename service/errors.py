"""Every way in which a command or a read is refused, each with its own HTTP status."""

import msgspec


class BranchbookError(Exception):
    """The root: what the border turns into a problem document."""

    status = 500


class Refused(BranchbookError):
    """A named rule of the rule sheet says no (422). `rule` is `INV-nnn`; `fields` name the command's offending fields."""

    status = 422

    def __init__(self, rule: str, *fields: str, detail: str = "") -> None:
        super().__init__(f"{rule} {', '.join(fields)} {detail}".strip())
        self.rule = rule
        self.fields = fields
        self.detail = detail


class Malformed(BranchbookError):
    """The shape of the body is wrong (400)."""

    status = 400


class NotSignedIn(BranchbookError):
    """No valid session or token (401)."""

    status = 401


class Forbidden(BranchbookError):
    """The actor has no right to this (403)."""

    status = 403


class Absent(BranchbookError):
    """It does not exist, or the actor may not know that it does (404)."""

    status = 404


class Conflict(BranchbookError):
    """History moved on since it was read (409)."""

    status = 409


class BuiltUpon(Conflict):
    """What should be taken back has something resting on it, which is told (409)."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


class KeyReused(BranchbookError):
    """The idempotency key was used before with another body (422)."""

    status = 422


class UnfitFile(BranchbookError):
    """A file that is not taken: its kind, its name (415) or its size (413)."""

    def __init__(self, zh: str, en: str, status: int = 415) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en
        self.status = status


class TooManyAttempts(BranchbookError):
    """Too many failed sign-ins for this account or from this address; it may be tried again after a while (429)."""

    status = 429

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"again after {retry_after_s} s")
        self.retry_after_s = retry_after_s


class Unavailable(BranchbookError):
    """The database is away or overloaded; try again (503)."""

    status = 503


class Problem(msgspec.Struct, kw_only=True, omit_defaults=False):
    """RFC 9457 `application/problem+json`."""

    type: str
    status: int
    title: str
    detail: str
    rule: str | None
    zh: str
    en: str
    fields: list[str]
