"""The text of a digest, in the language of whoever gets it: what is due where and by when, and no data of persons."""

import datetime as dt
from collections.abc import Iterable, Mapping
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import msgspec

from projections.standard.norms import Period
from service.reminders.notices import Kind, deadline_of

SHOWN = 20
"""Lines of each kind: more is said as a number."""


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One line: an obligation of a branch, or a letter from one."""

    kind: Kind
    org: str
    thing: str
    about: str
    due_on: dt.date


class Digest(msgspec.Struct, frozen=True, kw_only=True):
    """What goes to one person."""

    mail_id: str
    to: str
    language: str
    items: tuple[Item, ...]


HEADINGS: Mapping[Kind, tuple[str, str]] = {
    Kind.ESCALATED: ("已上报上级督办", "Escalated to the superior"),
    Kind.OVERDUE: ("已逾期", "Overdue"),
    Kind.REMINDED: ("即将到期", "Due soon"),
    Kind.LETTER: ("待接收的组织关系介绍信", "Introduction letters to accept"),
}
SUBJECT = ("【支部台账】今日提醒 {n} 项", "Branchbook: reminders of today ({n})")
MORE = ("……另有 {n} 项", "... and {n} more")
LINE = ("{title}（{org}），{due} 前", "{title} ({org}), by {due}")
LETTER = ("介绍信 {number}，由 {about} 开具，有效期至 {due}（{org}）", "Letter {number} from {about}, valid until {due} ({org})")
FOOT = (
    "全部提醒和办理入口：{inbox}\n本邮件由系统自动发送，每天至多一封；可在上述页面修改邮箱、语言或停止接收。",
    "All reminders, and where to act on them: {inbox}\nSent by the system, at most once a day. Change or stop it on that page.",
)


def title_of(thing: str, language: str) -> str:
    """`每月支委会 2026-11`: the deadline and its period, by the obligation's id."""
    deadline = deadline_of(thing)
    if deadline is None:
        return thing
    _, *more = thing.split(":")
    title = deadline.zh if language == "zh" else deadline.en
    return title if deadline.period is Period.ON_EVENT or not more else f"{title} {more[0]}"


def subject(digest: Digest) -> str:
    return _in(digest.language, SUBJECT).format(n=len(digest.items))


def text(digest: Digest, inbox: str) -> str:
    """The whole text: the gravest first."""
    parts = [part for kind, heading in HEADINGS.items() if (part := _part(digest, kind, _in(digest.language, heading)))]
    return "\n\n".join([*parts, _in(digest.language, FOOT).format(inbox=inbox)]) + "\n"


def _part(digest: Digest, kind: Kind, heading: str) -> str:
    lines = [_line(item, digest.language) for item in _sorted(digest.items) if item.kind is kind]
    if not lines:
        return ""
    more = [_in(digest.language, MORE).format(n=len(lines) - SHOWN)] if len(lines) > SHOWN else []
    return "\n".join([f"{heading} ({len(lines)})", *(f"  - {line}" for line in lines[:SHOWN]), *more])


def _sorted(items: Iterable[Item]) -> list[Item]:
    return sorted(items, key=lambda item: (item.due_on, item.org, item.thing))


def _line(item: Item, language: str) -> str:
    if item.kind is Kind.LETTER:
        return _in(language, LETTER).format(number=item.thing, about=item.about, due=item.due_on, org=item.org)
    return _in(language, LINE).format(title=title_of(item.thing, language), org=item.org, due=item.due_on)


def _in(language: str, texts: tuple[str, str]) -> str:
    return texts[0] if language == "zh" else texts[1]


def message(digest: Digest, *, sender: str, inbox: str, now: dt.datetime) -> EmailMessage:
    """As it goes to the server. The id is that of the row: a mail that is handed over twice can be known as one."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = digest.to
    mail["Subject"] = subject(digest)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{digest.mail_id}@{sender.rpartition('@')[2].rstrip('> ')}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text(digest, inbox), cte="base64")
    mail["Content-Language"] = "zh-CN" if digest.language == "zh" else "en"
    return mail
