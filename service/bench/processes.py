"""Our own processes beside the measuring one: the server, the follower, and a peer's server; and a client that costs little."""

import asyncio
import contextlib
import os
import socket
import sys
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
START_S = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.asynccontextmanager
async def process(*arguments: str, **environment: str) -> AsyncIterator[None]:
    """`python arguments…` with these variables, ended with SIGTERM."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BRANCHBOOK_")}
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        cwd=ROOT,
        env={**kept, **environment, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.terminate()
        await child.wait()


async def answers(port: int, path: str) -> None:
    """Waits until the server says 200. TimeoutError when it does not."""
    async with asyncio.timeout(START_S):
        while True:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                status, _ = await Client(port).ask("GET", path)
                if status == 200:
                    return
            await asyncio.sleep(0.05)


class Client:
    """HTTP/1.1 on one connection that is kept."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, body: bytes = b"", headers: str = "") -> tuple[int, bytes]:
        """(status, body); for answers with a length."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        raw = await reader.readuntil(b"\r\n\r\n")
        length = int(next(line[15:] for line in raw.lower().split(b"\r\n") if line.startswith(b"content-length:")))
        return int(raw[9:12]), await reader.readexactly(length)

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()


async def drive(port: int, requests: Sequence[tuple[str, bytes, str]], clients: int) -> float:
    """POSTs per second of `clients` connections that share the requests (path, body, headers). Every answer must be 201."""
    waiting = iter(requests)

    async def run() -> None:
        client = Client(port)
        for path, body, headers in waiting:
            status, text = await client.ask("POST", path, body, headers)
            if status != 201:
                raise RuntimeError(f"{path}: {status} {text[:300]!r}")
        client.close()

    began = time.perf_counter()
    await asyncio.gather(*[run() for _ in range(clients)])
    return len(requests) / (time.perf_counter() - began)
