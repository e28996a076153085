"""Replace personal data and credentials in texts, JSON values and rows."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from secrets import token_hex
from threading import Lock
from types import MappingProxyType
from typing import Final

from chatkit_tui.errors import InvalidArgumentError, MissingExtraError
from chatkit_tui.export.redaction.addresses import find_emails, find_ip_addresses
from chatkit_tui.export.redaction.found import Finder, Found, Kind
from chatkit_tui.export.redaction.keys import find_keys
from chatkit_tui.export.redaction.numbers import find_cards, find_ibans
from chatkit_tui.export.redaction.user_patterns import UserPattern
from chatkit_tui.models.json import JSON, dump_json, load_json
from chatkit_tui.models.page import Page, RawRow

INSTALL: Final = "pip install 'chatkit-tui[redact]'"

_SHORTEST: Final = 3
"""Characters of the shortest value."""
_MOST_CLEAN: Final = 4_096
_SHORT: Final = 64
"""Texts of at most so many characters are remembered if nothing is in them: ids, types, states."""
_FEWEST_DIGITS: Final = 6
"""Digits from which a number in JSON may be a phone or a card."""
_ID: Final = re.compile(r"(?:cthr|cti|cthi|cfile|call|msg|cksess|wf)_[0-9a-f]{8,}")
"""Ids, which contain no value to redact. Each item has some."""
_DIGIT: Final = re.compile(r"\d")
_NUMBERS: Final = frozenset({Kind.IBAN, Kind.CARD, Kind.IP, Kind.PHONE})
"""Kinds whose values all have a digit."""
_GENERIC: Final = frozenset({"value", "number", "raw", "text", "content", "answer", "default"})
"""Names of members that do not describe their value; another member does."""
_NAMING: Final = ("name", "label", "key", "field", "type")
"""Members that name what is beside them: `{"name": "phone", "value": "030 901820"}`."""


def redactor(region: str | None = None, patterns: Iterable[str] = ()) -> Redactor:
    """Return a redactor; `patterns` are `NAME=REGEX`.

    Raise `MissingExtraError` where the libraries are not installed, and `InvalidArgumentError` for
    a region or a pattern that cannot be used.
    """
    own = tuple(map(UserPattern, patterns))
    names = [pattern.name.lower() for pattern in own]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise InvalidArgumentError(f"The pattern {twice} is given twice.")
    try:
        import phonenumbers
        import stdnum  # noqa: F401 # both, or nothing is redacted
    except ImportError:
        raise MissingExtraError(f"Redaction needs an extra: {INSTALL}") from None
    if region is not None:
        region = region.upper()
        if region not in phonenumbers.SUPPORTED_REGIONS:
            raise InvalidArgumentError(f"{region!r} is not a region: give two letters, such as DE.")
    return Redactor(region, own)


class Redactor:
    """Replaces values by tokens; the same value has the same number in one instance.

    May be used from several threads. The table of values is in memory alone.
    """

    def __init__(self, region: str | None = None, patterns: Sequence[UserPattern] = ()) -> None:
        """Take a region in capitals. See `redactor`, which checks what is given."""
        from chatkit_tui.export.redaction.phones import PhoneFinder

        self._finders: tuple[tuple[str, Finder], ...] = (
            (Kind.KEY, find_keys),
            (Kind.EMAIL, find_emails),
            (Kind.IBAN, find_ibans),
            (Kind.CARD, find_cards),
            (Kind.IP, find_ip_addresses),
            (Kind.PHONE, PhoneFinder(region)),
            *((pattern.name, pattern.find) for pattern in patterns),
        )
        self._has_own = bool(patterns)
        kinds = [str(kind) for kind, _ in self._finders]
        self._token = re.compile(rf"(‹(?:{'|'.join(map(re.escape, kinds))}) [1-9]\d{{0,5}}›)")
        self._numbers: dict[str, dict[str, int]] = {kind: {} for kind in kinds}
        self._highest = dict.fromkeys(kinds, 0)
        self._counts = Counter(dict.fromkeys(kinds, 0))
        self.run = token_hex(4)
        """A name that no other instance has, for records of what it redacted."""
        self._labels: dict[str, str] = {}
        self._clean: set[tuple[str, str]] = set()
        self._lock = Lock()

    @property
    def counts(self) -> Mapping[str, int]:
        """How many parts were replaced, by kind, in the order of the search."""
        return MappingProxyType(self._counts)

    @property
    def highest(self) -> Mapping[str, int]:
        """The highest number in a token so far, by kind."""
        return MappingProxyType(self._highest)

    def go_on_after(self, highest: Mapping[str, int]) -> None:
        """Give new values higher numbers than those of an earlier run, whose values are unknown.

        So no token stands for two values, though a value may have another token in each run.
        """
        for kind, number in highest.items():
            if kind in self._highest:
                self._highest[kind] = max(self._highest[kind], number)

    # -- texts -------------------------------------------------------------------------------------

    def text(self, text: str) -> str:
        """Return a text with its values replaced; doing it again changes nothing."""
        return self._text(text, "")

    def label(self, text: str) -> str:
        """Return a text of the program that is in every file, redacted and counted once."""
        if text not in self._labels:
            self._labels[text] = self.text(text)
        return self._labels[text]

    def _text(self, text: str, name: str) -> str:
        if len(text) < _SHORTEST or (text, name) in self._clean:
            return text
        if not self._has_own and _ID.fullmatch(text):
            return text
        if "‹" in text:
            parts = self._token.split(text)
            parts[::2] = [self._without_tokens(part, name) for part in parts[::2]]
            return "".join(parts)
        redacted = self._without_tokens(text, name)
        if redacted is text and len(text) <= _SHORT and len(self._clean) < _MOST_CLEAN:
            self._clean.add((text, name))
        return redacted

    def _without_tokens(self, text: str, name: str) -> str:
        """Redact a text that has no tokens. What is between the values is searched once more."""
        has_digit = _DIGIT.search(text) is not None
        for kind, find in self._finders:
            found = _apart(find(text, name)) if has_digit or kind not in _NUMBERS else ()
            if not found:
                continue
            parts: list[str] = []
            done = 0
            for start, end, value in found:
                parts += (self._without_tokens(text[done:start], name), self._token_of(kind, value))
                done = end
            return "".join((*parts, self._without_tokens(text[done:], name)))
        return text

    def _token_of(self, kind: str, value: str) -> str:
        with self._lock:
            self._counts[kind] += 1
            number = self._numbers[kind].get(value)
            if number is None:
                number = self._numbers[kind][value] = self._highest[kind] = self._highest[kind] + 1
            return f"‹{kind} {number}›"

    # -- JSON --------------------------------------------------------------------------------------

    def value(self, value: JSON) -> JSON:
        """Return a JSON value with keys, strings, JSON in strings and long numbers redacted.

        A number that is a value becomes a string.
        """
        return self._value(value, "")

    def _value(self, value: JSON, name: str) -> JSON:
        if isinstance(value, str):
            return self._string(value, name)
        if isinstance(value, dict):
            return self._members(value, name)
        if isinstance(value, list):
            return [self._value(entry, name) for entry in value]
        if isinstance(value, float) and not math.isfinite(value):
            return str(value)  # JSON has no such number
        if isinstance(value, int) and abs(value) >= 10**_FEWEST_DIGITS:
            text = str(value)
            redacted = self._text(text, name)
            return value if redacted == text else redacted
        return value

    def _members(self, members: dict[str, JSON], name: str) -> dict[str, JSON]:
        redacted: dict[str, JSON] = {}
        for key, value in members.items():
            named = key
            if key in _GENERIC:
                beside = (members.get(naming) for naming in _NAMING)
                named = " ".join((name, *(text for text in beside if isinstance(text, str)), key))
            new = self._string(key, "")
            while new in redacted:  # two keys that are the same value in different spellings
                new += "'"
            redacted[new] = self._value(value, named)
        return redacted

    def _string(self, text: str, name: str) -> str:
        if text.lstrip()[:1] in ("{", "[", '"'):
            try:
                inner = load_json(text)
            except (ValueError, RecursionError):
                return self._text(text, name)
            redacted = self._value(inner, name)
            if redacted != inner:
                return dump_json(redacted)
        # Where JSON has nothing to replace, its text keeps its form; it may have a member twice.
        return self._text(text, name)

    # -- rows --------------------------------------------------------------------------------------

    def row(self, row: RawRow) -> RawRow:
        """Return a row of redacted JSON; ids are redacted only where they hold a value.

        A row that cannot be read as JSON is replaced by a placeholder.
        """
        return self._page_of([row.raw], row.page).rows[0]

    def page(self, page: Page) -> Page:
        """Return a page with its rows redacted."""
        return self._page_of(page.texts(), page)

    def _page_of(self, texts: Iterable[bytes], page: Page) -> Page:
        redacted = Page.of_texts(
            [self.raw(text) for text in texts],
            has_more=page.has_more,
            thread_id=self.text(page.thread_id),
            zone=page.zone,
        )
        if page.next_cursor != page.last_id:
            redacted.next_cursor = page.next_cursor
        return redacted

    def raw(self, raw: bytes) -> bytes:
        """Return redacted JSON text; a placeholder for text that cannot be read."""
        try:
            return dump_json(self.value(load_json(raw))).encode("utf-8", "replace")
        except (ValueError, RecursionError):
            return b'{"redacted":"this row cannot be read as JSON"}'


def _apart(found: Iterable[Found]) -> list[Found]:
    """Return parts in order; parts that overlap become one with the first one's value."""
    parts = list(found)
    if len(parts) < 2:
        return parts
    parts.sort(key=lambda part: (part.start, -part.end))
    apart: list[Found] = []
    for part in parts:
        if not apart or part.start >= apart[-1].end:
            apart.append(part)
        elif part.end > apart[-1].end:
            apart[-1] = apart[-1]._replace(end=part.end)
    return apart
