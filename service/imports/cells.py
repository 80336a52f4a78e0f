"""Cells as offices fill them: coded texts, dates in many forms, numbers where texts belong. Each reading gives a value or says why not."""

import datetime as dt
import re
from decimal import Decimal, InvalidOperation

from stdnum.cn import ric

from service.imports.workbook import Value


class Misread(Exception):
    """A cell cannot be read; both texts are shown beside it."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


BLANK = re.compile(r"\s+")
FULL_WIDTH = str.maketrans("０１２３４５６７８９ＸｘＡＢ（）：，．－／", "0123456789XxAB():,.-/")
DAY = re.compile(r"^(\d{4})[-./年](\d{1,2})(?:[-./月](\d{1,2})日?|月?)$")
COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})?$")
CODED = re.compile(r"^\s*([0-9][0-9A-Z]*)\s*(\D.*)$", re.DOTALL)
EXCEL_EPOCH = dt.date(1899, 12, 30)
SERIALS = range(3_654, 73_051)
"""Day numbers from 1910 to 2099: a date column that lost its format."""
YEARS = range(1900, 2100)


def squeeze(text: str) -> str:
    """Without any blank or line break: how headings are compared."""
    return BLANK.sub("", text).translate(FULL_WIDTH)


def text(value: Value) -> str | None:
    """A text without stray blanks; a whole number becomes its digits."""
    match value:
        case None:
            return None
        case bool():
            return "是" if value else "否"
        case int() | float():
            return str(int(value)) if value == int(value) else repr(value)
        case dt.date():
            return value.isoformat()
        case _:
            return value.strip(" \t\r\n\u3000\u00a0") or None


def name(value: Value) -> str | None:
    """A person's name: blanks between two Chinese characters are only lay-out (`李　明`)."""
    found = text(value)
    if found is None:
        return None
    if isinstance(value, float | int | dt.date) or any(c.isdigit() for c in found):
        raise Misread(f"“{found}”不是姓名", f"“{found}” is not a name")
    return re.sub(r"(?<=[\u3400-\u9fff·])\s+(?=[\u3400-\u9fff·])", "", found).replace("•", "·")


def date(value: Value) -> dt.date | None:
    """`2010-09-01`, `2010.09`, `201009`, a true date, a day number. A month alone means its first day."""
    if value is None or isinstance(value, dt.date):
        return value if isinstance(value, dt.date) else None
    if isinstance(value, float | int) and not isinstance(value, bool):
        return _date_of_number(value)
    shown = squeeze(str(value))
    match = DAY.match(shown) or COMPACT.match(shown)
    if not shown:
        return None
    if match is None:
        raise Misread(f"无法识别日期“{shown}”", f"“{shown}” is not a date")
    return _date_of_parts(shown, match.group(1), match.group(2), match.group(3))


def _date_of_number(value: float) -> dt.date:
    shown = text(value) or ""
    if value != int(value):
        raise Misread(
            f"日期 {shown} 以数字保存，1月与10月无法区分，请改为文本",
            f"{shown} is stored as a number, so that January and October look alike",
        )
    if int(value) in SERIALS:
        return EXCEL_EPOCH + dt.timedelta(days=int(value))
    match = COMPACT.match(shown)
    if match is None:
        raise Misread(f"无法识别日期“{shown}”", f"“{shown}” is not a date")
    return _date_of_parts(shown, match.group(1), match.group(2), match.group(3))


def _date_of_parts(shown: str, year: str, month: str, day: str | None) -> dt.date:
    try:
        found = dt.date(int(year), int(month), int(day or 1))
    except ValueError as wrong:
        raise Misread(f"日期“{shown}”不存在", f"there is no such date: “{shown}”") from wrong
    if found.year not in YEARS:
        raise Misread(f"日期“{shown}”的年份有误", f"the year of “{shown}” cannot be right")
    return found


def id_number(value: Value) -> str | None:
    """18 characters with a true birthday and check digit. Any region is accepted; a number is not, for its last digits are lost."""
    if value is None:
        return None
    if isinstance(value, float | int):
        raise Misread(
            "公民身份号码以数字保存，末几位已丢失，请将该列设为文本格式后重新填写",
            "the ID number is stored as a number and has lost its last digits; make the column text and fill it in again",
        )
    found = squeeze(str(value)).lstrip("'’").upper()
    if not re.fullmatch(r"\d{17}[0-9X]", found):
        raise Misread("公民身份号码应为18位", "an ID number has 18 characters")
    if ric.calc_check_digit(found) != found[17]:
        raise Misread("公民身份号码校验位不符", "the check digit of the ID number is wrong")
    if not _is_day(found[6:14]):
        raise Misread("公民身份号码中的出生日期有误", "the ID number holds no true birthday")
    return found


def _is_day(compact: str) -> bool:
    try:
        return dt.date(int(compact[:4]), int(compact[4:6]), int(compact[6:])).year in YEARS
    except ValueError:
        return False


def birthday_of(number: str) -> dt.date:
    return dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def is_woman(number: str) -> bool:
    return int(number[16]) % 2 == 0


def phone(value: Value) -> str | None:
    """Digits, also when the cell holds a number."""
    found = text(value)
    if found is None:
        return None
    digits = re.sub(r"[\s\-—()]", "", found.translate(FULL_WIDTH))
    if not re.fullmatch(r"\+?\d{7,15}", digits):
        raise Misread(f"电话号码“{found}”有误", f"“{found}” is not a phone number")
    return digits


def coded(value: Value) -> tuple[str | None, str | None]:
    """(code, text) of `01 汉族`; a text without a code has none."""
    found = text(value)
    if found is None:
        return None, None
    match = CODED.match(found.translate(FULL_WIDTH))
    if match is None:
        return None, found
    return match.group(1), match.group(2).strip()


def fen(value: Value) -> int | None:
    """Yuan to integer fen; binary fractions of the cell are read as the decimal number that was typed."""
    if value is None:
        return None
    shown = squeeze(text(value) or "").replace(",", "").removeprefix("¥").removeprefix("￥").removesuffix("元")
    if shown in {"", "-", "—", "/"}:
        return None
    try:
        amount = Decimal(f"{value:.10g}" if isinstance(value, float) else shown) * 100
    except InvalidOperation as wrong:
        raise Misread(f"金额“{shown}”有误", f"“{shown}” is not an amount") from wrong
    if not amount.is_finite() or amount != int(amount):
        raise Misread(f"金额“{shown}”不足一分", f"“{shown}” is not a whole number of fen")
    return int(amount)


def count(value: Value) -> int | None:
    """A whole number that is not negative."""
    found = text(value)
    if found is None:
        return None
    digits = squeeze(found).removesuffix("人").removesuffix("票")
    if not re.fullmatch(r"\d{1,6}", digits):
        raise Misread(f"“{found}”不是人数", f"“{found}” is not a count")
    return int(digits)


def yes_no(value: Value) -> bool | None:
    found = text(value)
    match found:
        case None:
            return None
        case "是" | "有" | "√" | "Y" | "1" | "1 是":
            return True
        case "否" | "无" | "×" | "N" | "0" | "0 否":
            return False
        case _:
            raise Misread(f"应填“是”或“否”，而不是“{found}”", f"yes (是) or no (否) is expected, not “{found}”")


def words(value: Value) -> tuple[str, ...]:
    """The items of a cell that lists things."""
    found = text(value)
    return () if found is None else tuple(w for w in (part.strip() for part in re.split(r"[、，,；;\n]+", found)) if w and w != "无")
