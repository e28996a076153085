"""The language of the filter: which threads a text shows, and what is said of a mistake."""

from __future__ import annotations

from datetime import UTC
from typing import NamedTuple

import pytest

from chatkit_tui.search.thread_filter import ThreadFilter
from chatkit_tui.text.folding import Query

DAY = 86_400
NOW = 1_793_491_200  # 2026-11-01
SAVED = {"mine": "u:ada -s:closed", "wrong": "since:soon", "nested": "@mine"}


class Thread(NamedTuple):
    """A thread of a table."""

    text: str
    user: str | None
    status: str = "active"
    seconds: int | None = NOW

    def folded_for(self, query: Query) -> str:
        lines = (self.text, self.user or "")
        return "\n".join(query.fold(line).text for line in lines)


THREADS = {
    1: Thread("Refund for order 12", "ada"),
    2: Thread("Refund again, order 13", "Ada Lovelace", "locked", NOW - 3 * DAY),
    3: Thread("Über den Wolken", None, "closed", NOW - 10 * DAY),
    4: Thread("-> s:odd @home", "bob@example.com", seconds=None),
}


def shown(text: str) -> list[int]:
    wanted = ThreadFilter(text, now=NOW, zone=UTC, saved=SAVED)
    return [number for number, thread in THREADS.items() if wanted.matches(thread)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("", [1, 2, 3, 4]),
        ("   ", [1, 2, 3, 4]),
        ("refund", [1, 2]),
        ("order refund", [1, 2]),
        ('"refund order"', []),
        ('"refund for', [1]),
        ('""', [1, 2, 3, 4]),
        ("über", [3]),
        ("locked", [2]),
        ("ocked", []),
        # statuses begin with it, users contain it
        ("s:locked", [2]),
        ("S:Lock", [2]),
        ("s:ocked", []),
        ("s:", [1, 2, 3, 4]),
        ("u:ada", [1, 2]),
        ('u:"ada love"', [2]),
        ("u:lovelace", [2]),
        ("u:example", [4]),
        # times: a day includes its end, an unknown time meets nothing
        ("since:2026-11-01", [1]),
        ("since:2026-10-29", [1, 2]),
        ("since:7d", [1, 2]),
        ("until:2026-10-29", [2, 3]),
        ("since:2026-10-22 until:2026-10-29", [2, 3]),
        ("since:1d", [1]),
        ("-since:7d", [3, 4]),
        # negation
        ("-refund", [3, 4]),
        ("refund -again", [1]),
        ('-"order 12"', [2, 3, 4]),
        ("-s:active", [2, 3]),
        ("-u:ada", [3, 4]),
        ("-", [4]),
        ("->", [4]),
        # saved filters are one condition
        ("@mine", [1, 2]),
        ("@mine again", [2]),
        ("-@mine", [3, 4]),
        ("@home", [4]),
        ('"@mine"', []),
        ("@nested", []),
        # no operator
        ("s:odd", []),
        ('"s:odd"', [4]),
        ("x:odd", []),
        ("http://a", []),
    ],
)
def test_a_filter_shows_the_threads_that_meet_every_condition(
    text: str, numbers: list[int]
) -> None:
    assert shown(text) == numbers


def test_first_words_are_text_of_a_thread() -> None:
    wanted = ThreadFilter("hello -bye", now=NOW, zone=UTC)
    assert wanted.matches(THREADS[1], "Hello there")
    assert not wanted.matches(THREADS[1], "Hello and bye")
    assert not wanted.matches(THREADS[1])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("refund since:7d", ""),
        ("since:", ""),
        ("since:2026-13-01", "since: takes 2026-11-01, an ISO time, or 7d"),
        ("until:9999-12-31", "until: takes 2026-11-01, an ISO time, or 7d"),
        ("@wrong", "@wrong: since: takes 2026-11-01, an ISO time, or 7d"),
    ],
)
def test_an_invalid_date_is_reported_and_has_no_effect(text: str, problem: str) -> None:
    assert ThreadFilter(text, now=NOW, zone=UTC, saved=SAVED).problem == problem
    if problem:
        assert shown(text) == [1, 2, 3, 4]
