"""Handing one mail to the configured server, with the standard library in a thread."""

import asyncio
import ipaddress
import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import msgspec

TIMEOUT_S = 10.0
"""For each answer of the server."""
SUBMISSION, IMPLICIT_TLS = 587, 465


class Refused(Exception):
    """The server says no to this mail for good: sending it again would change nothing."""


class PutOff(Exception):
    """The server is away, busy or wrongly configured: another time."""


class Server(msgspec.Struct, frozen=True, kw_only=True):
    """`smtps://` is TLS from the start; `smtp+starttls://` insists on STARTTLS; `smtp://` takes it where it is offered.

    A password leaves the machine only sealed.
    """

    host: str
    port: int
    implicit_tls: bool
    starttls: bool
    user: str | None
    password: str | None

    @property
    def must_be_sealed(self) -> bool:
        return self.starttls or (self.password is not None and not _is_here(self.host))


def server_of(url: str) -> Server:
    parts = urlsplit(url)
    implicit = parts.scheme == "smtps"
    return Server(
        host=parts.hostname or "localhost",
        port=parts.port or (IMPLICIT_TLS if implicit else SUBMISSION),
        implicit_tls=implicit,
        starttls=parts.scheme == "smtp+starttls",
        user=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else unquote(parts.password),
    )


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def hand_over(server: Server, mail: EmailMessage) -> None:
    """Returns when the server has said that it has the mail; raises `Refused` or `PutOff`."""
    await asyncio.to_thread(_hand_over, server, mail)


def _hand_over(server: Server, mail: EmailMessage) -> None:
    try:
        connection = _connected(server)
    except ssl.SSLCertVerificationError as error:
        raise PutOff(f"the certificate of {server.host} is not trusted: {error.verify_message}") from error
    except smtplib.SMTPNotSupportedError as error:
        raise PutOff(f"{server.host}: {error}") from error
    except (OSError, smtplib.SMTPException) as error:
        raise PutOff(_said(error)) from error
    try:
        connection.send_message(mail)
    except smtplib.SMTPRecipientsRefused as error:
        code, why = next(iter(error.recipients.values()))
        raise _judged(code, f"{code} {why.decode(errors='replace')}") from error
    except smtplib.SMTPDataError as error:
        raise _judged(error.smtp_code, _said(error)) from error
    except (OSError, smtplib.SMTPException) as error:
        raise PutOff(_said(error)) from error
    finally:
        _closed(connection)


def _connected(server: Server) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.implicit_tls:
        connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_S, context=context)
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
    try:
        connection.ehlo_or_helo_if_needed()
        if not server.implicit_tls and (server.must_be_sealed or (connection.has_extn("starttls") and not _is_here(server.host))):
            connection.starttls(context=context)
            connection.ehlo()
        if server.user is not None:
            connection.login(server.user, server.password or "")
    except BaseException:
        _closed(connection)
        raise
    return connection


def _closed(connection: smtplib.SMTP) -> None:
    """What goes wrong after the server's word changes nothing about it."""
    try:
        connection.quit()
    except (OSError, smtplib.SMTPException):
        connection.close()


def _judged(code: int, said: str) -> Exception:
    """5yz: do not try again (RFC 5321, 4.2.1)."""
    return Refused(said) if code >= 500 else PutOff(said)


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        why = error.smtp_error.decode(errors="replace") if isinstance(error.smtp_error, bytes) else str(error.smtp_error)
        return f"{error.smtp_code} {why}"
    return f"{type(error).__name__}: {error}"
