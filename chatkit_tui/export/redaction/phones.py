"""Find phone numbers.

International numbers, with `+` or `00`, are found where they are valid. National numbers are those
of a region, if one is given. Without one, a number counts only after a word for a phone: there are
too many other numbers of the same length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from chatkit_tui.export.redaction.found import Found, has_any
from chatkit_tui.export.redaction.keys import words_of

if TYPE_CHECKING:
    from phonenumbers import PhoneNumberMatch

_LEAD: Final = re.compile(
    r"[+＋](?<![\w+＋].)[+＋]?(?=[ ()\[\]-]{0,2}\d)|%2[bB](?=\d)"
    r"|00(?<![\w.,:+/-]00)(?=[ -]?[1-9])"
)
_LEADS: Final = ("+", "＋", "%2b", "%2B", "00")
_ENOUGH_DIGITS: Final = re.compile(r"(?:[^\d+＋]{0,5}\d){7}")
_LONGEST: Final = 48
"""Characters from the first digit to the last one, with an extension."""

_PHONE: Final = (
    r"(?:tele|mobile?|cell|hand|smart|work|home|mobil)?(?:ph|f)one?n?s?",
    r"t[eé]l[eé]f[oó]n\w*|telefoon\w*|telefone\w*|telepon\w*|t[eé]l[eé]phone\w*|puhelin\w*",
    r"telem[oó]vel\w*|cellular[ei]?|celular\w*|m[oó]vil\w*|mobil|mobile|mobiel\w*|mobilnummer",
    r"mobilnr|handy(?:nummer|nr)?|rufnummer|durchwahl|portable|kom[oó]rk\w*|cep|gsm|msisdn",
    r"whats ?app|signal|viber|sms|fax\w*|cell|mob|tel|tél|τηλέφων\w*|τηλ|κινητό",
    r"телефон\w*|тел|моб\w*|факс|טלפון|נייד|هاتف|الهاتف|جوال|الجوال|موبايل|फ़ोन|फोन|मोबाइल",
    r"điện thoại|số điện thoại|di động|(?:call|ring|phone|text|reach) (?:me|us|him|her|them)",
)
_PHONE_OF_CJK: Final = "电话|電話|手机|手機|携帯|전화|휴대폰|핸드폰|โทร|เบอร์|มือถือ"
_WORD: Final = (
    rf"(?:(?<![^\W\d_])(?:{'|'.join(_PHONE)})(?![^\W\d_])|(?:{_PHONE_OF_CJK})[^\W\d_]{{0,6}})"
)
_STEMS: Final = (
    "fon", "hone", "tel", "mob", "móv", "mov", "puhelin", "cel", "handy", "rufnummer", "durchwahl",
    "portable", "kom", "cep", "gsm", "msisdn", "whats", "signal", "viber", "sms", "fax", "call ",
    "ring ", "text ", "reach ", "tél", "τηλ", "κινητ", "тел", "моб", "факс", "טלפון", "נייד",
    "هاتف", "جوال", "موبايل", "फ", "मोबाइल", "điện thoại", "di động", *_PHONE_OF_CJK.split("|"),
)  # fmt: skip
"""Every text in which `_WORD` finds something has one of these in lower case."""
_BETWEEN: Final = (
    r"(?:numbers?|numero|número|numéro|nummer|nomor|номер|num|no|nr|n[º°]|is|ist|est|es|è|é|at|on"
    r"|under|unter|au|al|the|my|work|home|office|private?|mobile?|contact|and|und|or|oder)"
)
_BEFORE: Final = re.compile(
    rf"{_WORD}[_\W]{{0,6}}(?:{_BETWEEN}(?![^\W\d_])[_\W]{{1,4}}){{0,3}}$", re.IGNORECASE
)
"""What stands before a number that a word says is one."""
_MOST_BEFORE: Final = 48
_NAME: Final = re.compile(_WORD, re.IGNORECASE)
_NUMBER: Final = re.compile(
    r"[+＋(]{0,2}\d(?<![\w.]\d)[\d ()./\-\u00a0\u202f\u2010-\u2013]{4,24}(?<=\d)(?!\w)"
)
_GROUP: Final = re.compile(r"\d+")
_DATE: Final = re.compile(
    r"[12]\d{3}[-/.][01]?\d[-/.][0-3]?\d(?!\d)|[0-3]?\d([-/.])[0-3]?\d\1(?:19|20)\d\d(?!\d)"
)
_FEWEST_DIGITS: Final = 6
_MOST_IN_GROUPS: Final = 12
_MOST_DIGITS: Final = 15


class PhoneFinder:
    """Finds phone numbers, those of a region without its prefix, too."""

    def __init__(self, region: str | None = None) -> None:
        """`region` is a country by its two letters, as in `DE`."""
        import phonenumbers

        self._library = phonenumbers
        self._region = region

    def __call__(self, text: str, name: str) -> Iterator[Found]:
        """Yield phone numbers; each number in a member called `phone` is one."""
        if has_any(text, _LEADS):
            yield from self._international(text)
        is_named = bool(name) and _names_phone(name)
        folded = text.lower()
        if is_named or has_any(folded, _STEMS):
            for number in _NUMBER.finditer(text):
                for found in _national(number[0], number.start()):
                    if is_named or _is_phone_before(text, number.start()):
                        yield found
        if self._region:
            for match in self._matches(text):
                yield Found(match.start, match.end, self._value(match))

    def _international(self, text: str) -> Iterator[Found]:
        end = 0
        for lead in _LEAD.finditer(text):
            if lead.start() < end:
                continue
            if not _ENOUGH_DIGITS.match(text, lead.end()):
                continue
            number = f"+{text[lead.end() : lead.end() + _LONGEST]}"
            match = next(iter(self._library.PhoneNumberMatcher(number, None)), None)
            if match is not None and match.start == 0:
                end = lead.end() + match.end - 1
                yield Found(lead.start(), end, self._value(match))

    def _matches(self, text: str) -> Iterator[PhoneNumberMatch]:
        leniency = self._library.Leniency.VALID
        return iter(
            self._library.PhoneNumberMatcher(text, self._region, leniency, max_tries=len(text))
        )

    def _value(self, match: PhoneNumberMatch) -> str:
        return self._library.format_number(match.number, self._library.PhoneNumberFormat.E164)


@lru_cache(1024)
def _names_phone(name: str) -> bool:
    return _NAME.search(words_of(name)) is not None


def _is_phone_before(text: str, at: int) -> bool:
    before = text[max(0, at - _MOST_BEFORE) : at].lower()
    return has_any(before, _STEMS) and _BEFORE.search(before) is not None


def _national(number: str, start: int) -> Iterator[Found]:
    """Yield the number at the beginning of a text of digits and separators, if it can be one."""
    if _DATE.match(number):
        return
    digits, end = "", 0
    for group in _GROUP.finditer(number):
        if digits and len(digits) + len(group[0]) > _MOST_IN_GROUPS:
            break
        digits += group[0]
        end = group.end()
    if _FEWEST_DIGITS <= len(digits) <= _MOST_DIGITS:
        yield Found(start, start + end, digits)
