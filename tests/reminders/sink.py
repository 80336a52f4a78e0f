"""A mail server of forty lines: it keeps what it is given, and says no when it is told to."""

import asyncio
import contextlib
import email
from collections.abc import AsyncIterator
from email.message import EmailMessage
from email.policy import default


class Sink:
    """`answers`: what is said next instead of 250, by the verb that it answers (`RCPT`, `DATA`, `.`); None hangs up."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answers: dict[str, list[str | None]] = {}
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await self._speak(reader, writer)
        writer.close()

    async def _speak(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 sink\r\n")
        while line := (await reader.readline()).decode().strip():
            verb = line.split()[0].upper()
            said = self._next(verb, "354 go on" if verb == "DATA" else "221 bye" if verb == "QUIT" else "250 yes")
            if said is None:
                return
            writer.write(f"{said}\r\n".encode())
            if said.startswith("354"):
                content = (await reader.readuntil(b"\r\n.\r\n"))[:-5]
                told = self._next(".", "250 kept")
                if told is None or told.startswith("2"):
                    self.mails.append(email.message_from_bytes(content, policy=default))
                if told is None:
                    return
                writer.write(f"{told}\r\n".encode())
            if verb == "QUIT":
                return

    def _next(self, verb: str, usual: str) -> str | None:
        return self.answers[verb].pop(0) if self.answers.get(verb) else usual


@contextlib.asynccontextmanager
async def sink() -> AsyncIterator[Sink]:
    kept = Sink()
    server = await asyncio.start_server(kept.serve, "127.0.0.1", 0)
    kept.url = f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield kept
    finally:
        server.close()
        await server.wait_closed()
