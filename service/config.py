"""Settings, read once from the environment and checked: a wrong one is named, with what was expected."""

import getpass
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import msgspec

DATABASE_SCHEMES = ("postgresql", "postgresql+asyncpg")
TEST_DATABASE_URL = "BRANCHBOOK_TEST_DATABASE_URL"
"""A server that the tests may make databases on."""
REDIS_SCHEMES = ("redis", "rediss", "unix")


class Misconfigured(Exception):
    """A setting that cannot be used; the message names the variable."""


Clock = Annotated[str, msgspec.Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Span = Annotated[str, msgspec.Meta(pattern=r"^(off|([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d)$")]
Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every field is the variable `BRANCHBOOK_<FIELD>`."""

    home: Path
    """Data folder: embedded servers, keys, documents, accounts of the example."""
    host: str = "127.0.0.1"
    port: Port = 8000
    public_url: str = ""
    """How others reach the server, such as `https://branchbook.example.cn`; empty: the address it listens on."""
    database_url: str | None = None
    """None: the embedded PostgreSQL of `branchbook dev`."""
    redis_url: str | None = None
    """None: the embedded Valkey of `branchbook dev`."""
    server_processes: Annotated[int, msgspec.Meta(ge=1, le=64)] = 1
    example: bool = True
    """Whether `branchbook dev` fills an empty record with the example committee."""
    keys_folder: Path | None = None
    """Where the per-person keys are; None: `home/keys`."""
    documents_folder: Path | None = None
    """Where the files of documents are; None: `home/documents`."""
    document_bytes_max: Annotated[int, msgspec.Meta(ge=1, le=2**31)] = 50 * 1024 * 1024
    """How large a file may be."""
    s3_url: str | None = None
    """Service, bucket and prefix of an S3-compatible store, such as `https://s3.example.cn/branchbook`; None: the folder."""
    s3_region: str = "us-east-1"
    s3_key_id: str | None = None
    s3_secret: str | None = None
    disclosure_indexed: bool = False
    """Whether search engines may keep what the public site `/disclosure/` shows."""
    disclosure_max_age_s: Annotated[int, msgspec.Meta(ge=0, le=3600)] = 60
    """How long a copy of a public page may be used: as long stays what was withdrawn."""
    disclosure_contact: Annotated[str, msgspec.Meta(max_length=200)] = ""
    """Where readers of the public site may turn, as it is to be shown: an office, its mailbox or telephone."""
    mail_url: str | None = None
    """Where mail is handed over, such as `smtp+starttls://user:password@mail.example.cn:587` or `smtps://…`; None: no mail is sent."""
    mail_from: str = ""
    """The sender of reminders: an address, or a name with an address in angle brackets."""
    mail_quiet: Span = "20:00-08:00"
    """When nobody is written to, in the time of Asia/Shanghai; `off`: never quiet."""
    mail_digest_at: Clock = "08:30"
    """From when on the digest of a day is sent."""
    log_level: str = "info"

    @property
    def address(self) -> str:
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"

    @property
    def keys(self) -> Path:
        return self.keys_folder or self.home / "keys"

    @property
    def documents(self) -> Path:
        """Files, or what is on its way to the S3-compatible store."""
        return self.documents_folder or self.home / "documents"

    @property
    def accounts(self) -> Path:
        """The example's accounts: a list of `{login, password, role, organisation_id}`."""
        return self.home / "accounts.json"

    def database(self) -> str:
        """The database to use now: the one that is set, else the embedded one that runs on this home."""
        return self.database_url or _running(self.home, "database_url")

    def redis(self) -> str:
        return self.redis_url or _running(self.home, "redis_url")


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process. An empty variable counts as not set."""
    environ = os.environ if environ is None else environ
    given = {name: value for name in Settings.__struct_fields__ if (value := environ.get(variable(name)))}
    given.setdefault("home", str(Path(environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "branchbook"))
    try:
        settings = msgspec.convert(given, Settings, strict=False, dec_hook=_path)
    except msgspec.ValidationError as error:
        raise Misconfigured(_named(str(error))) from None
    _check_url("BRANCHBOOK_DATABASE_URL", settings.database_url, DATABASE_SCHEMES)
    _check_url("BRANCHBOOK_REDIS_URL", settings.redis_url, REDIS_SCHEMES)
    _check_url("BRANCHBOOK_S3_URL", settings.s3_url, ("https", "http"))
    _check_url("BRANCHBOOK_MAIL_URL", settings.mail_url, ("smtp", "smtp+starttls", "smtps"))
    if settings.s3_url is not None and not (settings.s3_key_id and settings.s3_secret):
        message = "BRANCHBOOK_S3_URL needs BRANCHBOOK_S3_KEY_ID and BRANCHBOOK_S3_SECRET"
        raise Misconfigured(message)
    if settings.mail_url is not None and "@" not in settings.mail_from:
        message = "BRANCHBOOK_MAIL_URL needs the address of a sender in BRANCHBOOK_MAIL_FROM"
        raise Misconfigured(message)
    return msgspec.structs.replace(settings, home=settings.home.expanduser().absolute())


def variable(field: str) -> str:
    return f"BRANCHBOOK_{field.upper()}"


def strangers(environ: Mapping[str, str]) -> list[str]:
    """`BRANCHBOOK_…` variables that are no setting: most likely misspelt, so the command line warns of them."""
    known = {variable(name) for name in Settings.__struct_fields__} | {TEST_DATABASE_URL}
    return sorted(name for name in environ if name.startswith("BRANCHBOOK_") and name not in known)


def environment(settings: Settings) -> dict[str, str]:
    """The settings as a child process reads them."""
    values = msgspec.structs.asdict(settings)
    return {variable(name): _spelt(value) for name, value in values.items() if value is not None}


class Running(msgspec.Struct, frozen=True, kw_only=True):
    """What `branchbook dev` leaves in its home while it runs, so that other commands find its servers."""

    pid: int
    database_url: str
    redis_url: str

    @staticmethod
    def file(home: Path) -> Path:
        return home / "running.json"


def _running(home: Path, what: str) -> str:
    try:
        running = msgspec.json.decode(Running.file(home).read_bytes(), type=Running)
    except (FileNotFoundError, msgspec.DecodeError):
        message = f"{variable(what)} is not set and no `branchbook dev` runs on {home} (user {getpass.getuser()})"
        raise Misconfigured(message) from None
    url: str = getattr(running, what)
    return url


def _path(kind: type, value: object) -> object:
    if kind is Path:
        return Path(str(value))
    raise NotImplementedError(kind)


def _named(message: str) -> str:
    """The validator says `… - at `$.port``; say it with the variable's name."""
    reason, _, place = message.partition(" - at ")
    return f"{variable(place.strip('`$.'))}: {reason}"


def _check_url(variable: str, url: str | None, schemes: tuple[str, ...]) -> None:
    if url is not None and urlsplit(url).scheme not in schemes:
        expected = " or ".join(f"{scheme}://" for scheme in schemes)
        message = f"{variable} must begin with {expected}"
        raise Misconfigured(message)


def _spelt(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
