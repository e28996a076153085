"""Find bank account and card numbers, which have check digits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate
from typing import Final

from chatkit_tui.export.redaction.found import SEPARATORS, Found

_SEPARATOR: Final = f"[{re.escape(SEPARATORS)}]"

# -- bank accounts ---------------------------------------------------------------------------------

_IBAN: Final = re.compile(
    r"\d(?<=[A-Za-z]{2}\d)(?<![^\W_][A-Za-z]{2}\d)\d"
    rf"(?:{_SEPARATOR}?[A-Za-z0-9]){{11,30}}",
    re.ASCII,
)
"""A number behind the two letters of its country. Patterns begin with what is rare."""
_SHORTEST_IBAN: Final = 15


def find_ibans(text: str, _name: str) -> Iterator[Found]:
    """Yield international bank account numbers, with and without separators."""
    at = 0
    while match := _IBAN.search(text, at):
        start = match.start() - 2
        end = _end_of_iban(text, start, match.end())
        if end is not None:
            yield Found(start, end, _compact(text[start:end]))
        at = end or match.start() + 1


def _end_of_iban(text: str, start: int, end: int) -> int | None:
    """Return the end of the valid number that begins at `start`; None if there is none."""
    from stdnum import iban

    for stop in range(end, start + _SHORTEST_IBAN - 1, -1):
        if text[stop - 1].isalnum() and not text[stop : stop + 1].isalnum():
            number = _compact(text[start:stop])
            if _has_check_digits(number) and iban.is_valid(number, check_country=False):
                return stop
    return None


def _compact(number: str) -> str:
    return "".join(filter(str.isalnum, number)).upper()


def _has_check_digits(number: str) -> bool:
    """Return whether the check digits are right; faster than the library."""
    digits = "".join(str(int(sign, 36)) for sign in number[4:] + number[:4])
    return int(digits) % 97 == 1


# -- cards -----------------------------------------------------------------------------------------

_MAY_BE_CARD: Final = re.compile(rf"\d[\d{_SEPARATOR[1:]}{{10}}")
_DIGITS: Final = re.compile(
    rf"\d(?<![\w.,+-]\d)\d{{1,18}}(?:(?P<separator>{_SEPARATOR})\d{{1,8}}"
    rf"(?:(?P=separator)\d{{1,8}}){{0,18}})?(?![\w]|[.,]\d)",
    re.ASCII,
)
_SHAPES: Final = frozenset(
    {(4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (8, 8), (4, 4, 4, 4, 1), (4, 4, 4, 4, 2), (4, 4, 4, 4, 3)}
    | {(length,) for length in range(12, 20)}
)
"""The lengths of the groups in which card numbers are written."""
_MOST_GROUPS: Final = max(map(len, _SHAPES))

_ISSUERS: Final = (
    (("4",), (16, 19)),  # Visa
    (("51", "52", "53", "54", "55", *map(str, range(2221, 2721))), (16,)),  # Mastercard
    (("34", "37"), (15,)),  # American Express
    (("300", "301", "302", "303", "304", "305", "309", "36", "38", "39"), (14, 16)),  # Diners Club
    (("6011", *map(str, range(644, 650)), "65"), (16, 19)),  # Discover
    (tuple(map(str, range(3528, 3590))), (16, 19)),  # JCB
    (("62", "81"), (16, 17, 18, 19)),  # UnionPay
    (("5018", "5020", "5038", "5893", "6304", "6759", "6761", "6762", "6763"), range(12, 20)),
    (("2200", "2201", "2202", "2203", "2204"), (16, 19)),  # Mir
    (("60", "82", "508"), (16,)),  # RuPay
    (("5060", "5061"), (16, 18, 19)),  # Verve
)
"""The first digits of card numbers and their lengths, by issuer."""
_LENGTHS: Final = {
    prefix: frozenset(lengths) for prefixes, lengths in _ISSUERS for prefix in prefixes
}


def find_cards(text: str, _name: str) -> Iterator[Found]:
    """Yield card numbers of known issuers whose check digit is right."""
    for match in _DIGITS.finditer(text) if _MAY_BE_CARD.search(text) else ():
        if match.end() - match.start() >= 12:
            yield from _cards_in(match)


def _cards_in(match: re.Match[str]) -> Iterator[Found]:
    separator = match["separator"]
    groups = match[0].split(separator) if separator else [match[0]]
    starts = [0, *accumulate(len(group) + 1 for group in groups)]
    first = 0
    while first < len(groups):
        for last in range(min(len(groups), first + _MOST_GROUPS), first, -1):
            number = "".join(groups[first:last])
            if tuple(map(len, groups[first:last])) in _SHAPES and _is_card(number):
                begin, end = match.start() + starts[first], match.start() + starts[last] - 1
                yield Found(begin, end, number)
                first = last - 1
                break
        first += 1


def _is_card(number: str) -> bool:
    from stdnum import luhn

    return any(
        len(number) in _LENGTHS.get(number[:length], ()) for length in (1, 2, 3, 4)
    ) and bool(luhn.is_valid(number))
