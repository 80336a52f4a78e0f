"""Numbers and addresses of persons in a free text: what openness never shows (R-F02, INV-084). Pure.

Found on two occasions, with the same patterns: a review refuses a text that holds one, and the view of what is disclosed hides it.
Digits count however they are written: 138…, １３８…, 一三八…, with spaces, hyphens or invisible signs between them.
"""

import re
import unicodedata
from collections.abc import Collection
from typing import NamedTuple

HIDDEN = "＊＊＊"
HAN = {numeral: str(value) for value, numeral in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0", "Ｘ": "X", "ｘ": "x"}
JOINT = r"[\s\-‐‑‒–—－_\u00ad\u200b-\u200f\u2060\ufeff]{0,2}"
"""What may stand between the digits of one number."""
DAY = JOINT.join((r"(?:18|19|20)\d", r"\d", r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12]\d|3[01])"))
PATTERNS = (
    ("an identity number", rf"(?<!\d)[1-9](?:{JOINT}\d){{5}}{JOINT}{DAY}(?:{JOINT}\d){{3}}{JOINT}[\dXx](?!\d)"),
    ("a long number", r"(?<!\d)\d{15,}[Xx]?(?!\d)"),
    ("a mobile number", rf"(?<!\d)(?:\+?86{JOINT})?1{JOINT}[3-9](?:{JOINT}\d){{9}}(?!\d)"),
    ("a telephone number", r"(?<!\d)[(（]?0\d{2,3}[)）]?[\s\-－—]?[2-9]\d{6,7}(?!\d)"),
    ("a telephone number", r"(?:电话|手机|座机|联系方式|[Tt]el\.?|[Pp]hone)[^\d\n。；]{0,8}(?P<it>\d(?:[\s\-－]?\d){6,})"),
    ("a home address", r"(?:家庭住址|家庭地址|居住地址|住址|家住|现住|[Hh]ome address)[：:\s为在是]{0,3}(?P<it>[^\s，,。；;]{4,})"),
    ("a home address", r"[^\s，,。；;：:]{0,12}(?:小区|家属院|宿舍|公寓|花园|新村|\d\s?单元)[^\s，,。；;]{0,16}?\d+\s?(?:室|户|号)"),
    ("a sealed text", r"~\d\|[^\s，。；<>]+"),
)
COMPILED = tuple((kind, re.compile(pattern)) for kind, pattern in PATTERNS)


class Found(NamedTuple):
    """What was found, and where in the text."""

    kind: str
    start: int
    end: int


def found(text: str, persons: Collection[str] = ()) -> list[Found]:
    """In the order of the text. `persons` are ids that must not stand in it as words of their own."""
    plain = "".join(map(_digit, text))
    hits = [
        Found(kind, *match.span("it" if "it" in pattern.groupindex else 0))
        for kind, pattern in COMPILED
        for match in pattern.finditer(plain)
    ]
    words = {match.span() for match in re.finditer(r"[A-Za-z0-9._:-]+", text)} if persons else set()
    hits += [Found("a member's id", *span) for span in words if text[slice(*span)].strip(".:-") in persons]
    return sorted(hits, key=lambda hit: (hit.start, -hit.end))


def hidden(text: str, persons: Collection[str] = ()) -> str:
    """The text without what was found in it."""
    told, after = [], 0
    for hit in found(text, persons):
        if hit.start >= after:
            told.append(text[after : hit.start] + HIDDEN)
        after = max(after, hit.end)
    return "".join((*told, text[after:]))


def _digit(sign: str) -> str:
    """One sign for one sign, so that places stay the same."""
    if sign in HAN:
        return HAN[sign]
    value = unicodedata.digit(sign, None)
    return sign if value is None else str(value)
