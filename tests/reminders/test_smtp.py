"""Handing a mail over, sealed: STARTTLS and TLS from the start, with a password, and never to whom the certificate does not vouch for."""

from pathlib import Path

import pytest

from service.reminders.letter import Digest, Item, message
from service.reminders.notices import Kind
from service.reminders.smtp import PutOff, Refused, hand_over, server_of
from tests.reminders.sink import Sink, certificate, serving, sink
from tests.reminders.world import NOON, TODAY

LOGIN = "branchbook:p:w"
ITEM = Item(kind=Kind.OVERDUE, org="第一党支部", thing="DL-01:2026-03", about="", due_on=TODAY)
MAIL = message(
    Digest(mail_id="m1", to="anna@example.cn", language="zh", items=(ITEM,)),
    sender="支部台账 <branchbook@example.cn>",
    inbox="https://branchbook.example.cn/admin/inbox",
    now=NOON,
)


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A certificate that this machine trusts, as an organisation's own is: `SSL_CERT_FILE`."""
    file = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return file


def address(kept: Sink, scheme: str, login: str = "") -> str:
    user = f"{login.replace(':', '%3A').replace('%3A', ':', 1)}@" if login else ""
    return f"{scheme}://{user}127.0.0.1:{kept.port}"


@pytest.mark.parametrize(
    ("scheme", "offered"), [("smtp+starttls", {"starttls": True}), ("smtps", {"implicit": True})], ids=["STARTTLS", "implicit"]
)
class TestSealed:
    async def test_a_mail_goes_sealed_after_a_login(self, trusted, scheme, offered):
        async with sink(serving(trusted), login=LOGIN, **offered) as kept:
            await hand_over(server_of(address(kept, scheme, LOGIN)), MAIL)
        assert (kept.seals, [mail["Message-ID"] for mail in kept.mails]) == ([True], ["<m1@example.cn>"])

    async def test_with_a_wrong_password_it_is_put_off_and_says_so(self, trusted, scheme, offered):
        async with sink(serving(trusted), login=LOGIN, **offered) as kept:
            with pytest.raises(PutOff, match="535 no such user or password"):
                await hand_over(server_of(address(kept, scheme, "branchbook:wrong")), MAIL)
        assert kept.mails == []

    async def test_a_certificate_that_nobody_vouches_for_is_refused(self, tmp_path, scheme, offered):
        async with sink(serving(certificate(tmp_path)), **offered) as kept:
            with pytest.raises(PutOff, match=r"the certificate of 127\.0\.0\.1 is not trusted: self-signed certificate"):
                await hand_over(server_of(address(kept, scheme)), MAIL)
        assert kept.mails == []

    async def test_a_certificate_of_another_server_is_refused(self, tmp_path, monkeypatch, scheme, offered):
        other = certificate(tmp_path, "10.0.0.1")
        monkeypatch.setenv("SSL_CERT_FILE", str(other))
        async with sink(serving(other), **offered) as kept:
            with pytest.raises(PutOff, match=r"is not trusted: IP address mismatch, certificate is not valid for '127\.0\.0\.1'"):
                await hand_over(server_of(address(kept, scheme)), MAIL)
        assert kept.mails == []

    async def test_a_certificate_that_ran_out_is_refused(self, tmp_path, monkeypatch, scheme, offered):
        old = certificate(tmp_path, days=-2)
        monkeypatch.setenv("SSL_CERT_FILE", str(old))
        async with sink(serving(old), **offered) as kept:
            with pytest.raises(PutOff, match="is not trusted: certificate has expired"):
                await hand_over(server_of(address(kept, scheme)), MAIL)
        assert kept.mails == []


async def test_who_insists_on_starttls_sends_nothing_where_it_is_not_offered(trusted):
    async with sink(serving(trusted)) as kept:
        with pytest.raises(PutOff, match=r"127\.0\.0\.1: STARTTLS extension not supported by server"):
            await hand_over(server_of(address(kept, "smtp+starttls")), MAIL)
    assert kept.mails == []


async def test_a_server_on_the_machine_itself_may_be_spoken_to_in_clear(trusted):
    async with sink(serving(trusted), starttls=True) as kept:
        await hand_over(server_of(address(kept, "smtp")), MAIL)
    assert kept.seals == [False]


async def test_a_server_that_speaks_no_tls_is_no_server_for_it():
    async with sink() as kept:
        with pytest.raises(PutOff, match="SSL"):
            await hand_over(server_of(address(kept, "smtps")), MAIL)
    assert kept.mails == []


@pytest.mark.parametrize(
    ("verb", "answer", "refusal"),
    [
        ("MAIL", "451 later", PutOff),
        ("MAIL", "550 not from you", PutOff),
        ("RCPT", "450 busy", PutOff),
        ("RCPT", "550 nobody", Refused),
        ("DATA", "552 too much", Refused),
        (".", "554 spam", Refused),
        (".", "451 later", PutOff),
        ("MAIL", None, PutOff),
        (".", None, PutOff),
    ],
)
async def test_what_the_server_says_decides_whether_it_is_sent_again(verb, answer, refusal):
    async with sink() as kept:
        kept.answers[verb] = [answer]
        with pytest.raises(refusal):
            await hand_over(server_of(kept.url), MAIL)
