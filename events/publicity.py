"""Publicity work: what was published where, and exemplary deeds (N08).

Room: THE RECORD. One stream `publicity` in the branch's book.
"""

import typing
from typing import ClassVar, NewType

from events.base import IDENTITY, Choice, Event, Personal, PersonId, Text, Upcast, shaped

PublicityId = NewType("PublicityId", str)
"""An item of publicity, or an exemplary case."""
shaped(PublicityId, IDENTITY)


class PublicityChannel(Choice):
    """By what means it was made public (N08.M01 to M04)."""

    BOARD = "board", "展板", "Display board"
    COLOUR_PAGE = "colour_page", "彩页", "Colour page"
    SMALL_PAPER = "small_paper", "小报", "Small paper"
    WECHAT = "wechat", "微信", "WeChat account"
    BULLETIN = "bulletin", "组工信息", "Organisation work bulletin"
    MEDIA = "media", "媒体", "Media"
    AUDIO_VISUAL = "av", "影像", "Audio-visual"


class PublicitySubject(Choice):
    """What it was about; each task of N08 asks for its own."""

    STUDY = "study", "学习贯彻", "Joint study of the line and policies"
    ORGANISATION_LIFE = "organisation_life", "组织生活", "Three meetings, theme days, appraisal"
    CAMPAIGN = "campaign", "主题教育", "Thematic education"
    CENTRAL_WORK = "central_work", "中心工作", "Work around the central task"
    EXEMPLARY = "exemplary", "先进典型", "Exemplary deeds"


class Adopted(Choice):
    """At what level it was taken up."""

    UNIT = "unit", "本单位", "Own unit"
    COUNTY = "county", "县级", "County"
    CITY = "city", "市级", "City"
    PROVINCE = "province", "省级", "Province"
    NATIONAL = "national", "国家级", "National"


class OfPublicity(Event, frozen=True, kw_only=True):
    """What they share: their name, and the stream."""

    item_id: PublicityId

    def stream(self) -> str:
        return "publicity"


class PublicityItemPublished(OfPublicity, frozen=True, kw_only=True, tag="publicity.item_published"):
    """Something about the branch's work was published (N08.T01 to T05, N08.M01 to M04)."""

    zh: ClassVar[str] = "宣传信息刊发"
    en: ClassVar[str] = "Publicity item published"

    title: Text
    subject: PublicitySubject
    channel: PublicityChannel
    authors: tuple[PersonId, ...] = ()
    platform: Text
    adopted: Adopted
    link: Text | None = None
    """Address or file reference."""


class ExemplaryCaseRecorded(OfPublicity, frozen=True, kw_only=True, tag="publicity.exemplary_case_recorded"):
    """Exemplary deeds of a member were written down (N08.T05); the text is the member's own matter."""

    zh: ClassVar[str] = "先进事迹典型经验"
    en: ClassVar[str] = "Exemplary case recorded"

    person_id: PersonId
    title: Text
    deeds: Personal
    recorded_by: PersonId


class PublicityWithdrawn(OfPublicity, frozen=True, kw_only=True, tag="publicity.withdrawn"):
    """An item was entered wrongly, or taken down; its row is struck."""

    zh: ClassVar[str] = "宣传信息撤销"
    en: ClassVar[str] = "Publicity item withdrawn"

    reason: Text


PublicityEvent = PublicityItemPublished | ExemplaryCaseRecorded | PublicityWithdrawn
"""What the stream `publicity` may hold."""

EVENTS: tuple[type[Event], ...] = typing.get_args(PublicityEvent)

UPCASTS: dict[tuple[str, int], Upcast] = {}
