"""The code lists of the official roster, as the standard pack has them."""

import tomllib
from pathlib import Path

_CODES = tomllib.loads((Path(__file__).parents[2] / "projections" / "standard" / "packs" / "codes.toml").read_text(encoding="utf-8"))
NATIONS: dict[str, str] = _CODES["nation"]
EDUCATION: dict[str, str] = _CODES["education"]
WORK: dict[str, str] = _CODES["work"]
