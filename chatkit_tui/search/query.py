"""The search language: what a user types, as an expression of FTS5 and as matches in a text.

    { ["-"] ( word ["*"] | '"' words '"' ) }

All terms must be present; `-` excludes one. Every term reaches FTS5 in quotes, so nothing that is
typed is an operator. A quotation mark that is not closed ends with the query.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from chatkit_tui.errors import InvalidArgumentError
from chatkit_tui.search.searchable_text import UNSPACED_RUN, normal_form, pairs, without_accents

_TERM: Final = re.compile(r'(-?)(?:"([^"]*)"?|(\S+))')

_SPACE: Final = re.compile(r"\s")

_LETTER: Final = re.compile(r"[^\W_]")

_MOST_TERMS: Final = 100
"""FTS5 refuses an expression that is nested more than 256 times."""
_LONGEST: Final = 10_000
"""Characters of a query."""

_SHORTEST_PREFIX: Final = 2
"""Letters before `*`: one letter would take 300 ms in a million items."""
_SHORTEST_OF_SEVERAL: Final = 3

_MOST_CHARACTERS: Final = 8_192
"""Characters whose comparable form is remembered: to find it takes 20 µs."""

_PASSAGE: Final = 160
"""Characters of a passage."""
_BEFORE_MATCH: Final = 40
_SHORTEST_ID: Final = 6


class Term(NamedTuple):
    """One word or phrase of a query."""

    text: str
    """In the form of `normal_form`."""
    excluded: bool = False
    is_prefix: bool = False

    @property
    def has_words(self) -> bool:
        """Whether the index can find the term: it has a letter or a digit."""
        return _has_words(self.text)

    def expression(self) -> str:
        """Return the term as an FTS5 string."""
        parts, at, is_prefix = [], 0, self.is_prefix
        for run in UNSPACED_RUN.finditer(self.text):
            parts += [self.text[at : run.start()], pairs(run[0])]
            begins, at = not _has_words(self.text[: run.start()]), run.end()
            if _has_words(self.text[at:]):
                # The index has the last character of a run alone as well. One that begins the term
                # may be the end of a longer run, which has no pair of it.
                parts += [] if begins and len(run[0]) == 1 else [run[0][-1]]
            else:
                is_prefix = len(run[0]) == 1
        parts.append(self.text[at:])
        return f'"{" ".join(parts).replace(chr(34), " ")}"{" *" if is_prefix else ""}'

    def find_in(self, comparable: str) -> Iterator[tuple[int, int]]:
        """Yield where the term is in the comparable form of a text."""
        pattern, whole_start, whole_end = _pattern(self)
        at = 0
        while match := pattern.search(comparable, at):
            start, end = match.span()
            if (whole_start and _is_letter(comparable[max(start - 1, 0) : start])) or (
                whole_end and _is_letter(comparable[end : end + 1])
            ):
                at = start + 1
            elif start < end:
                yield start, end
                at = end
            else:
                return


@lru_cache(maxsize=_MOST_TERMS)
def _pattern(term: Term) -> tuple[re.Pattern[str], bool, bool]:
    """Return the pattern of a term, and whether a match has to begin and to end with a word."""
    # The boundaries are not part of the pattern: compiling the class of unspaced characters
    # takes longer than a search.
    words = _words(_comparable(term.text)) if term.has_words else []
    literals = words or [_comparable(term.text)]
    whole_start = bool(words) and not UNSPACED_RUN.match(words[0])
    whole_end = bool(words) and not term.is_prefix and not UNSPACED_RUN.match(words[-1])
    return re.compile(r"[\W_]*".join(map(re.escape, literals))), whole_start, whole_end


class Query:
    """A parsed query.

    Raise `InvalidArgumentError` if it has nothing to be found, or a prefix that is too short.
    """

    def __init__(self, text: str) -> None:
        self.text = text = text.encode(errors="replace").decode()
        self.terms = tuple(_terms(text))
        if len(text) > _LONGEST or len(self.terms) > _MOST_TERMS:
            raise InvalidArgumentError(
                f"A search has at most {_MOST_TERMS} words and {_LONGEST:,} characters.",
                param="query",
            )
        wanted = [term for term in self.terms if not term.excluded]
        if not wanted:
            raise InvalidArgumentError(
                "A search needs at least one word that is not excluded.", param="query"
            )
        prefixes = [term for term in self.terms if term.is_prefix]
        shortest = _SHORTEST_PREFIX if len(prefixes) < 2 else _SHORTEST_OF_SEVERAL
        for term in prefixes:
            if len(term.text) < shortest:
                raise InvalidArgumentError(
                    f"{term.text}* is too short: put at least {shortest} letters before *.",
                    param="query",
                )
        self._wanted = wanted
        self._excluded = [term for term in self.terms if term.excluded]

    @property
    def needs_scan(self) -> bool:
        """Whether a term has neither letter nor digit, so that the index cannot find it."""
        return not all(term.has_words for term in self.terms)

    def expression(self) -> str:
        """Return the FTS5 expression of the terms that the index can find; empty without any."""
        found = [term.expression() for term in self.terms if term.has_words and not term.excluded]
        excluded = [term.expression() for term in self.terms if term.has_words and term.excluded]
        if not found:
            return ""
        return " AND ".join(found) + "".join(f" NOT {term}" for term in excluded)

    def matches(self, text: str) -> bool:
        """Return whether a text has every term and no excluded one."""
        comparable = _comparable(text)
        return all(any(term.find_in(comparable)) for term in self._wanted) and not any(
            any(term.find_in(comparable)) for term in self._excluded
        )

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return where the terms are in a text, in code points, in order and without overlap."""
        comparable, places = _with_places(text)
        found = sorted(place for term in self._wanted for place in term.find_in(comparable))
        spans: list[tuple[int, int]] = []
        for start, end in found:
            span = places[start], places[end - 1] + 1
            if not spans or span[0] >= spans[-1][1]:
                spans.append(span)
        return spans

    def count(self, text: str) -> int:
        """Return how often the terms are in a text."""
        return len(self.spans(text))

    def passage(self, text: str) -> tuple[str, tuple[tuple[int, int], ...]]:
        """Return a part of a text around the first match, and where the matches are in it."""
        spans = self.spans(text)
        first = spans[0][0] if spans else 0
        start = max(0, first - _BEFORE_MATCH)
        if start:  # begin with a word
            space = text.find(" ", start, first)
            start = space + 1 if space >= 0 else start
        passage = text[start : start + _PASSAGE]
        flat = _SPACE.sub(" ", passage)
        inside = tuple(
            (at - start, min(end - start, len(flat)))
            for at, end in spans
            if start <= at < start + len(flat)
        )
        return flat, inside

    @property
    def beginning_of_id(self) -> str | None:
        """The query, if it can be the beginning of an id: one word that is long enough."""
        word = self.text.strip()
        is_word = len(word) >= _SHORTEST_ID and not any(map(str.isspace, word))
        return word if is_word else None


def _words(text: str) -> list[str]:
    """Return the words of a term as the index separates them; an unspaced run is one word."""
    spaced = UNSPACED_RUN.sub(lambda run: f" {run[0]} ", text)
    letters = (
        character if unicodedata.category(character)[0] in "LN" or _is_mark(character) else " "
        for character in spaced
    )
    return "".join(letters).split()


def _has_words(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _is_letter(character: str) -> bool:
    """Return whether a character goes on with a word; an unspaced one is a word of its own.

    So does a vowel sign, as of Hindi; no character at all does not.
    """
    is_part = _LETTER.match(character) or (character and _is_mark(character))
    return bool(is_part) and not UNSPACED_RUN.match(character)


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Mc", "Co")


def _terms(text: str) -> Iterator[Term]:
    for minus, phrase, word in _TERM.findall(text):
        content = word or phrase
        if minus and not _has_words(content):
            minus, content = "", f"-{content}"  # an arrow, a dash
        is_prefix = bool(word) and len(word) > 1 and word.endswith("*")
        normal = normal_form(content.rstrip("*") if is_prefix else content).strip()
        if normal:
            yield Term(normal, bool(minus), is_prefix)


def _comparable(text: str) -> str:
    if text.isascii():
        return text.lower()
    return "".join(map(_comparable_character, normal_form(text)))


def _with_places(text: str) -> tuple[str, range | list[int]]:
    """Return a text in comparable form, and for each of its characters its place in the text."""
    if text.isascii():
        return text.lower(), range(len(text))
    parts = list(map(_comparable_alone, text))
    lengths = list(map(len, parts))
    if lengths.count(1) == len(text):
        return "".join(parts), range(len(text))
    places = [place for place, length in enumerate(lengths) for _ in range(length)]
    return "".join(parts), places


@lru_cache(_MOST_CHARACTERS)
def _comparable_character(character: str) -> str:
    """Return a character without case and without the accents of Latin, Greek and Cyrillic."""
    if character.isascii():
        return character.lower()
    return without_accents(character.casefold())


_comparable_alone = lru_cache(_MOST_CHARACTERS)(_comparable)
"""For one character."""
