"""The money of the plain model: entries with a sign, their sum, what is due by the rate table (rules R-D)."""

import datetime as dt
from collections import defaultdict
from typing import Any

CAP = 100_000
BACK_MONTHS = 6


def by_rate(base: int) -> int:
    """Up to 3,000 yuan 0.5 %, to 5,000 1 %, to 10,000 1.5 %, above 2 % of the whole base; half a fen up."""
    rate = 50 if base <= 300_000 else 100 if base <= 500_000 else 150 if base <= 1_000_000 else 200
    return (base * rate + 5_000) // 10_000


def months(day: dt.date | str) -> int:
    text = day if isinstance(day, str) else day.isoformat()
    return int(text[:4]) * 12 + int(text[5:7]) - 1


def name_of(index: int) -> str:
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


class PlainDues:
    """The books of money of all branches."""

    def __init__(self) -> None:
        self.entries: dict[str, dict[str, Any]] = {}
        """`org`, `kind`, `fen` (with its sign), `stands`; payments also `person`, `month`, `gift`, `regular`, `receipt`."""
        self.receipts: defaultdict[str, set[str]] = defaultdict(set)
        self.decisions: dict[str, dict[str, Any]] = {}
        self.due: defaultdict[tuple[str, str], dict[str, tuple[int, int, bool]]] = defaultdict(dict)
        """From a month: what the table gives, what is due each month, and whether a ground was given."""
        self.flagged: dict[tuple[str, str], list[str]] = {}

    def balance(self, org: str) -> int:
        return sum(entry["fen"] for entry in self.entries.values() if entry["org"] == org and entry["stands"])

    def payments(self, org: str, person: str, month: str) -> list[dict[str, Any]]:
        mine = (org, "payment", person, month)
        return [e for e in self.entries.values() if e["stands"] and (e["org"], e["kind"], e.get("person"), e.get("month")) == mine]

    def paid_fen(self, org: str, person: str, month: str) -> int:
        return sum(entry["fen"] for entry in self.payments(org, person, month) if not entry["gift"])

    def due_fen(self, org: str, person: str, month: str) -> int:
        known = [(since, fen) for since, (_, fen, _) in self.due[org, person].items() if since <= month]
        return max(known)[1] if known else 0

    def settled(self, org: str, person: str, month: str) -> bool:
        return self.paid_fen(org, person, month) >= self.due_fen(org, person, month)

    def month_before(self, day: dt.date) -> str:
        return name_of(months(day) - 1)

    def unpaid(self, org: str, person: str, since: dt.date, last: str) -> list[str]:
        known = self.due[org, person]
        if not known:
            return []
        first = max(months(min(known)), months(since))
        return [month for n in range(first, months(last) + 1) if not self.settled(org, person, month := name_of(n))]

    def assessed_as(self, org: str, person: str, month: str, base: int, *, ground: bool) -> str:
        if base <= 0:
            return "INV-058"
        known, told = self.due[org, person], (by_rate(base), min(by_rate(base), CAP), ground)
        holding = max((since for since in known if since <= month), default=None)
        if holding is not None and holding[:4] == month[:4] and known[holding] == told:
            return "nothing"
        if told[1] == 0:
            return "INV-063"
        if not ground and any(since[:4] == month[:4] and fen != told[1] for since, (_, fen, _) in known.items()):
            return "INV-062"
        known[month] = told
        return "ok"

    def paid(
        self, name: str, org: str, person: str, day: dt.date, *, month: str, fen: int, kind: str, receipt: str | None, approved: bool
    ) -> str:
        if fen <= 0:
            return "INV-058"
        if kind != "voluntary":
            if fen > max(CAP, self.due_fen(org, person, month)):
                return "INV-064"
            if kind == "regular" and any(entry["regular"] for entry in self.payments(org, person, month)):
                return "INV-059"
            if months(day) - months(month) > BACK_MONTHS and not approved:
                return "INV-060"
        if receipt is not None and receipt in self.receipts[org]:
            return "INV-068"
        self.entries[name] = {
            "org": org,
            "kind": "payment",
            "fen": fen,
            "stands": True,
            "person": person,
            "month": month,
            "gift": kind == "voluntary",
            "regular": kind == "regular",
            "receipt": receipt,
        }
        if receipt is not None:
            self.receipts[org].add(receipt)
        if month in self.flagged.get((org, person), []) and self.settled(org, person, month):
            self.flagged[org, person].remove(month)
        return "ok"

    def give_receipt(self, org: str, name: str, receipt: str) -> str:
        entry = self.entries.get(name)
        if entry is None or entry["org"] != org or entry["kind"] != "payment":
            return "Absent"
        if entry["receipt"] == receipt:
            return "nothing"
        if receipt in self.receipts[org]:
            return "INV-068"
        if not entry["stands"] or entry["receipt"] is not None:
            return "Conflict"
        entry["receipt"] = receipt
        self.receipts[org].add(receipt)
        return "ok"

    def reverse(self, org: str, name: str) -> str:
        entry = self.entries.get(name)
        if entry is None or entry["org"] != org:
            return "INV-058"
        if not entry["stands"]:
            return "nothing"
        if entry["fen"] > max(0, self.balance(org)):
            return "INV-067"
        entry["stands"] = False
        return "ok"

    def remit(self, name: str, org: str, fen: int) -> str:
        return self._move(name, org, "remittance", -fen)

    def allocate(self, name: str, org: str, fen: int) -> str:
        return self._move(name, org, "allocation", fen) if fen > 0 else "INV-058"

    def spent(self, name: str, org: str, decision: str, fen: int) -> str:
        under = [e for e in self.entries.values() if e.get("decision") == decision and e["stands"]]
        if fen - sum(entry["fen"] for entry in under) > self.decisions[decision]["approved"]:
            return "INV-066"
        verdict = self._move(name, org, "spending", -fen)
        if verdict == "ok":
            self.entries[name]["decision"] = decision
        return verdict

    def _move(self, name: str, org: str, kind: str, fen: int) -> str:
        if fen == 0 or (kind != "allocation" and fen > 0):
            return "INV-058"
        if self.balance(org) + fen < 0 and fen < 0:
            return "INV-067"
        self.entries[name] = {"org": org, "kind": kind, "fen": fen, "stands": True}
        return "ok"
