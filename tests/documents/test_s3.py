"""The S3-compatible store: signatures as AWS publishes them, and what it sends to a service that checks every one."""

import datetime as dt
import hashlib
import hmac
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar, Request, Response, route
from litestar.params import FromPath

from events.documents import MediaType
from service.config import Misconfigured, Settings, load
from service.documents.files import open_files
from service.documents.s3 import NOTHING, Credentials, S3Store, signed
from service.documents.store import NotHeld
from service.errors import Unavailable
from tests.desk.world import served
from tests.documents import samples
from tests.documents.test_files import HASH, kept, sending, whole

AWS = Credentials(key_id="AKIAIOSFODNN7EXAMPLE", secret="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", region="us-east-1")
OURS = Credentials(key_id="branchbook", secret="made up", region="cn-test-1")


def test_a_request_is_signed_as_in_the_example_that_aws_publishes():
    headers = signed(
        "GET",
        "https://examplebucket.s3.amazonaws.com/test.txt",
        NOTHING,
        dt.datetime(2013, 5, 24, tzinfo=dt.UTC),
        AWS,
        {"range": "bytes=0-9"},
    )
    assert headers["authorization"] == (
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
        "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
        "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    )


def test_the_secret_shows_in_no_log():
    assert "made up" not in repr(OURS)


class Service:
    """A bucket behind signatures, on plain dictionaries; `broken` answers whatever is asked."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.broken = 0

    async def answer(self, request: "Request[Any, Any, Any]", key: str) -> Response[bytes]:
        body = await request.body()
        self.asked.append(request.method)
        if self.broken:
            return Response(b"", status_code=self.broken)
        if not self._signed(request, body):
            return Response(b"", status_code=403)
        match request.method:
            case "PUT":
                self.held[key] = body
                return Response(b"", status_code=200)
            case "DELETE":
                self.held.pop(key, None)
                return Response(b"", status_code=204)
            case _ if key not in self.held:
                return Response(b"", status_code=404)
            case "HEAD":
                return Response(b"", status_code=200, headers={"content-length": str(len(self.held[key]))})
            case _:
                return Response(self.held[key], status_code=200, media_type="application/octet-stream")

    def _signed(self, request: "Request[Any, Any, Any]", body: bytes) -> bool:
        """By the description of Signature Version 4, step by step."""
        found = re.fullmatch(r"AWS4-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=(\w+)", request.headers["authorization"])
        assert found is not None
        key_id, day, region, service, end = found[1].split("/")
        headers = "".join(f"{name}:{request.headers[name]}\n" for name in found[2].split(";"))
        payload = request.headers["x-amz-content-sha256"]
        asked = f"{request.method}\n{request.scope['path']}\n\n{headers}\n{found[2]}\n{payload}"
        stamp = request.headers["x-amz-date"]
        told = f"AWS4-HMAC-SHA256\n{stamp}\n{day}/{region}/{service}/{end}\n{hashlib.sha256(asked.encode()).hexdigest()}"
        secret = b"AWS4" + OURS.secret.encode()
        for part in (day, region, service, end):
            secret = hmac.new(secret, part.encode(), hashlib.sha256).digest()
        expected = hmac.new(secret, told.encode(), hashlib.sha256).hexdigest()
        return key_id == OURS.key_id and expected == found[3] and hashlib.sha256(body).hexdigest() == payload


@pytest.fixture
async def service() -> AsyncIterator[tuple[Service, str]]:
    one = Service()

    @route("/branchbook/{key:path}", http_method=["GET", "HEAD", "PUT", "DELETE"], status_code=200)
    async def handle(request: "Request[Any, Any, Any]", key: FromPath[str]) -> Response[bytes]:
        return await one.answer(request, str(key))

    async with served(Litestar([handle], openapi_config=None)) as address:
        yield one, f"{address}/branchbook/files"


def settings(home: Path, url: str) -> Settings:
    return Settings(home=home, s3_url=url, s3_key_id=OURS.key_id, s3_secret=OURS.secret, s3_region=OURS.region)


async def test_a_file_goes_to_the_bucket_and_comes_back(service: tuple[Service, str], tmp_path: Path):
    bucket, url = service
    files = open_files(settings(tmp_path, url))
    taken = await files.take("通知.pdf", sending(samples.PDF))
    assert (taken.sha256, taken.media_type) == (HASH, MediaType.PDF)
    assert bucket.held == {f"/files/{HASH[:2]}/{HASH}": samples.PDF}
    assert await whole(files.read(HASH)) == samples.PDF
    assert kept(tmp_path) == []
    await files.close()


async def test_what_is_held_is_not_sent_again(service: tuple[Service, str], tmp_path: Path):
    bucket, url = service
    files = open_files(settings(tmp_path, url))
    for _ in range(2):
        await files.take("a.pdf", sending(samples.PDF))
    assert bucket.asked == ["HEAD", "PUT", "HEAD"]
    await files.close()


async def test_what_is_not_held_is_told_apart_from_a_service_that_fails(service: tuple[Service, str]):
    bucket, url = service
    store = S3Store(url, OURS)
    assert await store.size(HASH) is None
    with pytest.raises(NotHeld):
        await whole(store.read(HASH))
    await store.remove(HASH)
    bucket.broken = 500
    for asked in (store.size(HASH), whole(store.read(HASH)), store.remove(HASH)):
        with pytest.raises(Unavailable):
            await asked
    await store.close()


async def test_a_wrong_secret_and_a_service_that_is_away_are_our_fault_not_the_senders(service: tuple[Service, str]):
    _, url = service
    stranger = S3Store(url, Credentials(key_id=OURS.key_id, secret="guessed", region=OURS.region))
    nowhere = S3Store("http://127.0.0.1:9/branchbook", OURS)
    for store in (stranger, nowhere):
        with pytest.raises(Unavailable):
            await store.size(HASH)
        with pytest.raises(Unavailable):
            await whole(store.read(HASH))
        await store.close()


def test_a_bucket_without_credentials_is_a_wrong_setting():
    with pytest.raises(Misconfigured, match="BRANCHBOOK_S3_KEY_ID"):
        load({"BRANCHBOOK_S3_URL": "https://s3.example.cn/branchbook"})
    with pytest.raises(Misconfigured, match="BRANCHBOOK_S3_URL must begin with"):
        load({"BRANCHBOOK_S3_URL": "s3://branchbook"})
