"""The language of the filter: which threads a text shows, and what is said of a mistake."""

from __future__ import annotations

from datetime import UTC
from typing import NamedTuple

import pytest

from chatkit_tui.search.completion import Names, filter_completions
from chatkit_tui.search.thread_filter import ThreadFilter, mistake
from chatkit_tui.text.folding import Query

DAY = 86_400
NOW = 1_793_491_200  # 2026-11-01
SAVED = {
    "mine": "u:ada -s:closed",
    "wrong": "since:soon",
    "nested": "@mine",
    "bad": "is:unanswered -u:bob",
    "kept": "is:bookmarked",
}


class Thread(NamedTuple):
    """A thread of a table."""

    text: str
    user: str | None
    status: str = "active"
    seconds: int | None = NOW
    id: str = ""

    def folded_for(self, query: Query) -> str:
        lines = (self.text, self.user or "")
        return "\n".join(query.fold(line).text for line in lines)


_THREADS = {
    1: Thread("Refund for order 12", "ada"),
    2: Thread("Refund again, order 13", "Ada Lovelace", "locked", NOW - 3 * DAY),
    3: Thread("Über den Wolken", None, "closed", NOW - 10 * DAY),
    4: Thread("-> s:odd @home", "bob@example.com", seconds=None),
}


THREADS = {number: thread._replace(id=str(number)) for number, thread in _THREADS.items()}
PREDICATES = ("unanswered", "tool-error", "in-progress")
FOUND = {
    "1": frozenset({"unanswered"}),
    "2": frozenset({"tool-error", "in-progress"}),
    "3": frozenset[str](),
}
"""What was found in the threads that were read, by id."""


class Kept(NamedTuple):
    """What is kept of a thread."""

    text: str = ""
    is_bookmarked: bool = False


NOTES = {"2": Kept("Waits for the bank"), "3": Kept(is_bookmarked=True)}


def note_of(thread_id: str) -> Kept:
    return NOTES.get(thread_id, Kept())


def filter_of(text: str) -> ThreadFilter:
    return ThreadFilter(
        text,
        now=NOW,
        zone=UTC,
        saved=SAVED,
        predicates=PREDICATES,
        found=FOUND.get,
        note_of=note_of,
    )


def shown(text: str) -> list[int]:
    wanted = filter_of(text)
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
        # problems: one of several is enough; a thread that was not read has none
        ("is:unanswered", [1]),
        ("is:unanswered is:tool-error", [1, 2]),
        ("is:tool-error is:in-progress u:ada", [2]),
        ("-is:unanswered", [2, 3, 4]),
        ("is:tool-error -is:in-progress", []),
        ("IS:Unanswered", [1]),
        ("@bad", [1]),
        ("@bad is:tool-error", []),
        # notes and bookmarks
        ("bank", [2]),
        ("-bank refund", [1]),
        ("is:noted", [2]),
        ("Is:Bookmarked", [3]),
        ("-is:bookmarked u:ada", [1, 2]),
        ("is:noted is:bookmarked", []),
        ("is:unanswered is:noted", []),
        ("is:unanswered -is:noted", [1]),
        ("@kept", [3]),
        # no operator
        ("iz:unanswered", []),
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
        ("is:un", "is: takes unanswered"),
        ("is:x", "is: takes unanswered, tool-error, in-progress, bookmarked, noted"),
        ("is:n", "is: takes noted"),
        ("until:9999-12-31", "until: takes 2026-11-01, an ISO time, or 7d"),
        ("@wrong", "@wrong: since: takes 2026-11-01, an ISO time, or 7d"),
    ],
)
def test_an_invalid_date_is_reported_and_has_no_effect(text: str, problem: str) -> None:
    assert filter_of(text).problem == problem
    if problem:
        assert shown(text) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("@mine", ""),
        ("@min a", "@min"),
        ("a -@home", "@home"),
        ('"@home"', ""),
        ("u:@home", ""),
        ("@example.com", ""),
    ],
)
def test_a_word_like_a_saved_filter_that_is_none_is_known(text: str, name: str) -> None:
    assert filter_of(text).unknown_name == name


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("refund", []),
        ("is:unanswered", [4]),
        ("-is:unanswered", [4]),
        ("is:unanswered u:ada", []),
        ("@bad", []),
        ("is:unanswered since:1d", []),
    ],
)
def test_a_thread_that_was_not_read_is_undecided_if_its_problems_decide(
    text: str, numbers: list[int]
) -> None:
    wanted = filter_of(text)
    undecided = [number for number, each in THREADS.items() if wanted.is_undecided(each)]
    assert undecided == numbers


@pytest.mark.parametrize(
    ("text", "completed"),
    [
        ("is:", ["is:unanswered", "is:tool-error", "is:bookmarked", "is:noted"]),
        ("a -is:u", ["a -is:unanswered"]),
        ("is:b", ["is:bookmarked"]),
        ("-is:n", ["-is:noted"]),
        ("@", ["@mine", "@wrong"]),
        ("x @m", ["x @mine"]),
        ("u:a", ["u:ada", 'u:"Ada Lovelace"', "u:bad"]),
        ('u:"ada l', ['u:"Ada Lovelace"']),
        ("s:lo", ["s:locked"]),
        ("word", []),
        ("is: ", []),
        ("", []),
    ],
)
def test_the_last_word_of_a_filter_is_completed(text: str, completed: list[str]) -> None:
    users = ["bad", "ada", "Ada Lovelace"]
    names = Names(["mine", "wrong"], users, ["unanswered", "tool-error"])
    assert filter_completions(text, names) == completed


def test_a_saved_filter_has_a_name_and_a_valid_text() -> None:
    assert mistake("a-b_1", "refund is:unanswered", PREDICATES) == ""
    assert "letters" in mistake("a b", "refund", PREDICATES)
    assert mistake("a", "since:x", PREDICATES).startswith("since: takes")
