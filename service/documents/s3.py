"""A store on any S3-compatible service: five requests, signed with AWS Signature Version 4, path-style addresses."""

import asyncio
import datetime as dt
import hashlib
import hmac
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import httpx
import msgspec

from service.documents.store import CHUNK, NotHeld
from service.errors import Unavailable

ALGORITHM = "AWS4-HMAC-SHA256"
NOTHING = hashlib.sha256(b"").hexdigest()
"""What is signed for a request without a body."""
TIMEOUT = httpx.Timeout(10.0, read=60.0, write=60.0)


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """Who signs."""

    key_id: str
    secret: str
    region: str

    def __repr__(self) -> str:
        """The secret is in no log."""
        return f"Credentials({self.key_id})"


def signed(
    method: str, url: str, payload: str, at: dt.datetime, credentials: Credentials, headers: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The headers of a request with its signature. `payload`: SHA-256 of the body, which the service compares with what arrives."""
    parts = urlsplit(url)
    stamp = at.strftime("%Y%m%dT%H%M%SZ")
    sent = {"host": parts.netloc, "x-amz-content-sha256": payload, "x-amz-date": stamp, **(headers or {})}
    names = ";".join(sorted(sent))
    listed = "".join(f"{name}:{sent[name]}\n" for name in sorted(sent))
    path = quote(unquote(parts.path), safe="/-_.~")
    request = f"{method}\n{path}\n{parts.query}\n{listed}\n{names}\n{payload}"
    scope = f"{stamp[:8]}/{credentials.region}/s3/aws4_request"
    text = "\n".join((ALGORITHM, stamp, scope, hashlib.sha256(request.encode()).hexdigest()))
    key = f"AWS4{credentials.secret}".encode()
    for step in scope.split("/"):
        key = hmac.digest(key, step.encode(), "sha256")
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    return {**sent, "authorization": f"{ALGORITHM} Credential={credentials.key_id}/{scope},SignedHeaders={names},Signature={signature}"}


class S3Store:
    """`url`: service, bucket and an optional prefix, such as `https://s3.example.cn/branchbook/files`."""

    def __init__(self, url: str, credentials: Credentials) -> None:
        self._url = url.rstrip("/")
        self._credentials = credentials
        self._client = httpx.AsyncClient(timeout=TIMEOUT, trust_env=False)

    async def put(self, source: Path, sha256: str) -> None:
        """What is held at its full size is not sent again."""
        size = (await asyncio.to_thread(source.stat)).st_size
        if await self.size(sha256) == size:
            return
        answer = await self._ask("PUT", sha256, payload=sha256, content=_pieces(source), headers={"content-length": str(size)})
        _check(answer)

    async def size(self, sha256: str) -> int | None:
        answer = await self._ask("HEAD", sha256)
        if answer.status_code == httpx.codes.NOT_FOUND:
            return None
        _check(answer)
        return int(answer.headers["content-length"])

    async def read(self, sha256: str) -> AsyncIterator[bytes]:
        try:
            async with self._client.stream("GET", self._address(sha256), headers=self._headers("GET", sha256, NOTHING)) as answer:
                if answer.status_code == httpx.codes.NOT_FOUND:
                    raise NotHeld(sha256)
                _check(answer)
                async for chunk in answer.aiter_raw(CHUNK):
                    yield chunk
        except httpx.HTTPError as error:
            raise Unavailable("the store of documents does not answer") from error

    async def remove(self, sha256: str) -> None:
        answer = await self._ask("DELETE", sha256)
        if answer.status_code != httpx.codes.NOT_FOUND:
            _check(answer)

    async def close(self) -> None:
        await self._client.aclose()

    def _address(self, sha256: str) -> str:
        return f"{self._url}/{sha256[:2]}/{sha256}"

    def _headers(self, method: str, sha256: str, payload: str) -> dict[str, str]:
        return signed(method, self._address(sha256), payload, dt.datetime.now(dt.UTC), self._credentials)

    async def _ask(
        self,
        method: str,
        sha256: str,
        *,
        payload: str = NOTHING,
        content: AsyncIterator[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        try:
            return await self._client.request(
                method, self._address(sha256), content=content, headers={**self._headers(method, sha256, payload), **(headers or {})}
            )
        except httpx.HTTPError as error:
            raise Unavailable("the store of documents does not answer") from error


async def _pieces(source: Path) -> AsyncIterator[bytes]:
    file = await asyncio.to_thread(source.open, "rb")
    with file:
        while chunk := await asyncio.to_thread(file.read, CHUNK):
            yield chunk


def _check(answer: httpx.Response) -> None:
    """Whatever the service refuses is ours to mend, not the sender's."""
    if not answer.is_success:
        raise Unavailable(f"the store of documents answers {answer.status_code}")
