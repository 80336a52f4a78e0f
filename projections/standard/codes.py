"""The code lists: 民族, 学历, 工作岗位 of the official roster, 不合格情形 of R-H01. Events hold codes, paper forms show texts."""

from types import MappingProxyType

import msgspec

from projections.standard.pack import FOLDER
from projections.standard.reading import read


class Codes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file `codes.toml`: code -> text, in the order of the official lists."""

    nation: dict[str, str]
    education: dict[str, str]
    work: dict[str, str]
    conduct: dict[str, str]


CODES = MappingProxyType(msgspec.structs.asdict(read(FOLDER / "codes.toml", Codes)))
"""Name of the list -> its codes."""


def text_of(codes: str, code: str | None) -> str | None:
    """What a form shows; a code that was never in the list is shown as it is."""
    return None if code is None else CODES[codes].get(code, code)
