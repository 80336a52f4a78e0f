"""The rule sheet's own text of a refusal, in the language of the request."""

from admin.words import pick
from projections.standard.refusals import refusal
from service.imports.preview import Fault


def refusal_text(rule: str, detail: str) -> str:
    """`INV-058 金额必须大于零 (…)`."""
    text = refusal(rule)
    return f"{pick(text.zh, text.en)} ({rule}{': ' + detail if detail else ''})"


def fault_text(fault: Fault) -> str:
    """Why a row of a workbook is not as it should be, after the cell that it is about."""
    text = refusal_text(fault.rule, "") if fault.rule else pick(fault.zh, fault.en)
    return f"{fault.cell}: {text}" if fault.cell else text
