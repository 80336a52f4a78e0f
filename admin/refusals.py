"""The rule sheet's own text of a refusal, in the language of the request."""

from admin.words import pick
from projections.standard.refusals import refusal


def refusal_text(rule: str, detail: str) -> str:
    """`INV-058 金额必须大于零 (…)`."""
    text = refusal(rule)
    return f"{pick(text.zh, text.en)} ({rule}{': ' + detail if detail else ''})"
