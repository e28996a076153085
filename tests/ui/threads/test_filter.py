"""The texts that the filter searches, and which of them are equal."""

from __future__ import annotations

import json
from datetime import UTC
from time import process_time

import pytest

from chatkit_tui.feed import Feed, Order, Side
from chatkit_tui.models.page import Page
from chatkit_tui.search.thread_filter import ThreadFilter
from chatkit_tui.sources.http.response import parse_list_answer
from chatkit_tui.ui.threads.rows import Row, ThreadRows


def thread(number: int, title: str | None, user: str = "", **status: str) -> dict[str, object]:
    return {
        "id": f"cthr_{number:06}",
        "object": "chatkit.thread",
        "created_at": 1_700_000_000 + number,
        "title": title,
        "user": user,
        "status": status or {"type": "active"},
    }


def filter_of(text: str) -> ThreadFilter:
    return ThreadFilter(text, now=0, zone=UTC)


async def feed_of(threads: list[dict[str, object]]) -> Feed:
    """Return a feed of one page."""

    async def fetch(*, after: str | None, order: Order, limit: int) -> Page:
        del after, order, limit
        answer = {"object": "list", "data": threads, "has_more": False}
        return parse_list_answer(json.dumps(answer).encode())

    feed: Feed = Feed(fetch, first_limit=10_000)
    await feed.load(Side.OLD)
    return feed


THREADS = [
    thread(1, "Rechnung für İstanbul", "zoë"),
    thread(2, "foo\u200dbar \u202e evil"),
    thread(3, "1\u202f000 €", "ada\u00a0lovelace"),
    thread(4, None, "STRASSE"),
    thread(5, "Refund\nagain", type="locked", reason="Fraud review"),
    thread(6, "contract", type="closed"),
]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("istanbul", [1]),
        ("RECHNUNG FÜR", [1]),
        ("fu\u0308r", [1]),
        ("zoe\u0308", [1]),
        ("zoe", []),
        ("foobar", [2]),
        ("\u202e", [2]),
        ("U+202E", [2]),
        ("\u200d", [2]),
        ('"1 000"', [3]),
        ("ada\u3000lovelace", [3]),
        ("straße", [4]),
        ("first WORDS", [4]),
        ("refund again", [5]),
        ("locked", [5]),
        ("LOCK", [5]),
        ("ocked", []),
        ("fraud review", [5]),
        ("clos", [6]),
        ("act", [1, 2, 3, 4, 6]),
        ("tract", [6]),
        ("cthr_000003", [3]),
        ("evil cthr", [2]),
        ('"evil cthr"', []),
    ],
)
async def test_a_filter_shows_the_threads_that_show_its_text(text: str, numbers: list[int]) -> None:
    feed = await feed_of(THREADS)
    words = {"cthr_000004": "The first\u00a0words", "cthr_000001": "never shown"}
    shown = ThreadRows(feed, newest_first=False, words=words, wanted=filter_of(text))
    found = [shown.get(index) for index in range(len(shown))]
    assert [int(row.id[-6:]) for row in found if row] == numbers


async def test_another_letter_filters_thousands_of_threads_within_a_frame() -> None:
    feed = await feed_of([thread(n, f"Bestellung {n} – Größe", "zoë") for n in range(3_000)])
    known: dict[str, Row] = {}
    ThreadRows(feed, known=known, wanted=filter_of("b"))
    before = process_time()
    shown = ThreadRows(feed, known=known, wanted=filter_of("grösse"))
    taken = process_time() - before
    assert len(shown) == 3_000
    assert taken < 0.1
