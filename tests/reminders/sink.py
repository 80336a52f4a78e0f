"""A mail server of some sixty lines: it keeps what it is given, and says no when it is told to."""

import asyncio
import base64
import contextlib
import datetime as dt
import email
import ipaddress
import ssl
from collections.abc import AsyncIterator, Callable
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


class Sink:
    """`answers`: what is said next instead of 250, by the verb that it answers (`RCPT`, `DATA`, `.`); None hangs up.

    `seals`: what was sealed when the mail came; `before`: is called before the verb is answered, and may end the client.
    """

    def __init__(self, context: ssl.SSLContext | None = None, *, starttls: bool = False, login: str = "") -> None:
        self.mails: list[EmailMessage] = []
        self.seals: list[bool] = []
        self.answers: dict[str, list[str | None]] = {}
        self.before: dict[str, Callable[[], None]] = {}
        self.port = 0
        self.context = context
        self.starttls = starttls
        self.login = login

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, BrokenPipeError):
            await self._speak(reader, writer)
        writer.close()

    async def _speak(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 sink\r\n")
        while line := (await reader.readline()).decode().strip():
            verb = line.split()[0].upper()
            said = self._next(verb, self._usual(line, verb, sealed=writer.get_extra_info("ssl_object") is not None))
            if said is None:
                return
            writer.write(f"{said}\r\n".encode())
            if said.startswith("354"):
                content = (await reader.readuntil(b"\r\n.\r\n"))[:-5]
                told = self._next(".", "250 kept")
                if told is None or told.startswith("2"):
                    self.mails.append(email.message_from_bytes(content, policy=default))
                    self.seals.append(writer.get_extra_info("ssl_object") is not None)
                if told is None:
                    return
                writer.write(f"{told}\r\n".encode())
            if verb == "STARTTLS" and said.startswith("220"):
                assert self.context is not None
                await writer.drain()
                await writer.start_tls(self.context)
            if verb == "QUIT":
                return

    def _usual(self, line: str, verb: str, *, sealed: bool) -> str:
        offers = ["STARTTLS"] if self.starttls and not sealed else []
        offers += ["AUTH PLAIN"] if self.login and sealed else []
        match verb:
            case "EHLO":
                return "\r\n".join([*(f"250-{offer}" for offer in ["sink", *offers]), "250 8BITMIME"])
            case "STARTTLS":
                return "220 go on" if offers else "454 not now"
            case "AUTH":
                right = base64.b64encode(f"\0{self.login.replace(':', chr(0), 1)}".encode()).decode()
                return "235 welcome" if line.rsplit(maxsplit=1)[-1] == right else "535 no such user or password"
            case "DATA":
                return "354 go on"
            case "QUIT":
                return "221 bye"
            case _:
                return "250 yes"

    def _next(self, verb: str, usual: str) -> str | None:
        if verb in self.before:
            self.before.pop(verb)()
        return self.answers[verb].pop(0) if self.answers.get(verb) else usual


@contextlib.asynccontextmanager
async def sink(
    context: ssl.SSLContext | None = None, *, implicit: bool = False, starttls: bool = False, login: str = ""
) -> AsyncIterator[Sink]:
    """`implicit`: TLS from the start; `starttls`: TLS when it is asked for."""
    kept = Sink(context, starttls=starttls, login=login)
    server = await asyncio.start_server(kept.serve, "127.0.0.1", 0, ssl=context if implicit else None)
    kept.port = server.sockets[0].getsockname()[1]
    try:
        yield kept
    finally:
        server.close()
        await server.wait_closed()


def certificate(folder: Path, name: str = "127.0.0.1", *, days: int = 1) -> Path:
    """A file with a key and a certificate that it signed itself, for an address; out of date for a negative number of days."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=10))
        .not_valid_after(now + dt.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(name))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}-{days}.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + signed.public_bytes(Encoding.PEM))
    return path


def serving(file: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
