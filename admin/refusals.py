"""The rule sheet's own text of a refusal, in the language of the request."""

import re

from admin.words import locale, pick
from events.disclosure import Secrecy
from projections.standard.refusals import refusal
from service.imports.preview import Fault

HOLDS = re.compile(r"(\w+) holds (.+)")
PERSONAL = {
    "an identity number": "身份证号",
    "a long number": "长号码",
    "a mobile number": "手机号码",
    "a telephone number": "电话号码",
    "a home address": "住址",
    "a sealed text": "密封内容",
    "a member's id": "党员编号",
}
"""What no disclosed text may hold, as the pure patterns call it."""
PLACES_OF_TEXT = {"title": "标题", "content": "内容", "entry": "目录项", "audience": "特定对象", "place": "公开位置", "reason": "更正原因"}
STAGES = {
    "proposed": "已提出，未审核",
    "sent back": "审核退回",
    "reviewed": "已审核，未审批",
    "not approved": "审批未同意",
    "with the superior": "上级审批中",
    "approved": "已批准",
    "published": "已公开",
    "taken down": "已撤下",
    "dropped": "已撤销",
}
"""Where an item of openness stands."""
TOLD = STAGES | {level.value: level.zh for level in Secrecy}


def refusal_text(rule: str, detail: str) -> str:
    """`INV-058 金额必须大于零 (…)`."""
    text = refusal(rule)
    return f"{pick(text.zh, text.en)} ({rule}{': ' + _told(detail) if detail else ''})"


def _told(detail: str) -> str:
    """Details are English words; those that people meet at the desk are told in Chinese too."""
    if locale() == "en":
        return detail
    if (found := HOLDS.fullmatch(detail)) and found[2] in PERSONAL:
        return f"{PLACES_OF_TEXT.get(found[1], found[1])}含{PERSONAL[found[2]]}"
    return TOLD.get(detail, detail)


def fault_text(fault: Fault) -> str:
    """Why a row of a workbook is not as it should be, after the cell that it is about."""
    text = refusal_text(fault.rule, "") if fault.rule else pick(fault.zh, fault.en)
    return f"{fault.cell}: {text}" if fault.cell else text
