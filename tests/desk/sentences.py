"""Every sentence that the desk may say: found in the templates, in the code, and in sqladmin's own list."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import jinja2
import sqladmin

DESK = Path(__file__).parents[2] / "admin"
POT = Path(sqladmin.__file__).parent / "translations" / "admin.pot"
TABLES = ("PLACES", "ROLES", "STATES", "KINDS", "EXPLAINED", "COLUMN_LABELS")
"""Tables whose texts are translated when they are shown."""


def in_templates() -> set[str]:
    environment = jinja2.Environment(autoescape=True, enable_async=True, extensions=["jinja2.ext.i18n"])
    found: set[str] = set()
    for file in DESK.rglob("*.html"):
        for _, _, messages in environment.extract_translations(file.read_text()):  # type: ignore[attr-defined]
            texts = [text for text in (messages if isinstance(messages, tuple) else (messages,)) if text]
            found |= set(texts[-1:])
    return found


def in_code() -> set[str]:
    return {text for file in DESK.glob("*.py") for text in _said(ast.parse(file.read_text()))}


def _said(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="say") | ast.Attribute(attr="say"), args=[ast.Constant(value=str(text)), *_]):
                yield text
            case ast.Call(func=ast.Name(id="ngettext"), args=[_, ast.Constant(value=str(text)), *_]):
                yield text
            case ast.Call(func=ast.Name(id="_refuse"), args=[_, ast.Constant(value=str(text))]):
                yield text
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=table) | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as table)
            ) if name in TABLES:
                yield from _texts(table)
            case ast.Assign(targets=[ast.Name(id="name" | "name_plural")], value=ast.Constant(value=str(text))):
                yield text


def _texts(table: ast.expr) -> Iterator[str]:
    """Texts of a table that a person reads: they begin with a capital letter, or are the text of a mark."""
    for node in ast.walk(table):
        match node:
            case ast.Constant(value=str(text)) if re.match(r"[A-Z][^`\\]+$", text):
                yield text
            case ast.keyword(arg="text", value=ast.Constant(value=str(text))):
                yield text


def in_sqladmin() -> set[str]:
    """The message strings of the library."""
    joined = re.sub(r'"\n"', "", POT.read_text())
    return {text for text in re.findall(r'^msgid "(.+)"$', joined, re.MULTILINE) if text}
