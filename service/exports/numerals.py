"""Chinese numerals as letters and receipts are filled in by hand: capital money, capital counts, years and months (R-E02)."""

from events.base import Fen, Month

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLAIN = "〇一二三四五六七八九"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "兆")


def capital(number: int) -> str:
    """A count in capital numerals: 30 -> 叁拾, 1005 -> 壹仟零伍, 0 -> 零."""
    assert 0 <= number < 10**16, number
    if number == 0:
        return DIGITS[0]
    text = ""
    gap = False
    for group in reversed(range(len(GROUPS))):
        part = number // 10 ** (4 * group) % 10_000
        if part == 0:
            gap = bool(text)
            continue
        if text and (gap or part < 1_000):
            text += DIGITS[0]
        text += _group(part) + GROUPS[group]
        gap = False
    return text


def _group(part: int) -> str:
    """One to four digits; zeros between two digits are read once, those at the end not at all."""
    text = ""
    gap = False
    for place in reversed(range(len(PLACES))):
        digit = part // 10**place % 10
        if digit == 0:
            gap = bool(text)
            continue
        text += (DIGITS[0] if gap else "") + DIGITS[digit] + PLACES[place]
        gap = False
    return text


def capital_money(amount_fen: Fen) -> str:
    """An amount as receipts write it: 1530 -> 壹拾伍元叁角整, 100005 -> 壹仟元零伍分."""
    if amount_fen < 0:
        return f"负{capital_money(-amount_fen)}"
    yuan, jiao, fen = amount_fen // 100, amount_fen // 10 % 10, amount_fen % 10
    text = f"{capital(yuan)}元" if yuan or not amount_fen else ""
    if jiao:
        text += f"{DIGITS[jiao]}角"
    elif fen and text:
        text += DIGITS[0]
    return f"{text}{DIGITS[fen]}分" if fen else f"{text}整"


def capital_month(month: Month) -> str:
    """A month as the letter writes it: 2026-03 -> 贰零贰陆年叁月."""
    return f"{''.join(DIGITS[int(digit)] for digit in month[:4])}年{capital(int(month[5:]))}月"


def plain_year(year: int) -> str:
    """A year as headings write it: 2026 -> 二〇二六年."""
    return f"{''.join(PLAIN[int(digit)] for digit in str(year))}年"
