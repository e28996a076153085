"""A scan reads every thread once, whatever happens in between, and says how far it is."""

from __future__ import annotations

import asyncio

import pytest

from chatkit_tui.errors import (
    APIConnectionError,
    APIError,
    AuthenticationError,
    InternalServerError,
    InvalidArgumentError,
    RateLimitError,
)
from chatkit_tui.inspection.scan import SearchScan
from chatkit_tui.sources.base import Hit, ListQuery, SearchQuery
from tests.sync.memory_source import PAGE_SIZE, MemorySource

NOVEMBER = 1_762_000_000


@pytest.fixture
def source() -> MemorySource:
    """Fifty threads of two items, the last of which has more than a page."""
    source = MemorySource()
    for number in range(50):
        source.add_thread(f"t{number}", NOVEMBER + number * 86_400, 2, title=f"About {number}")
    for number in range(PAGE_SIZE * 2):
        source.add_item("t49", content=[{"type": "input_text", "text": f"long {number}"}])
    return source


def scan_for(text: str, **fields: str) -> SearchScan:
    return SearchScan(SearchQuery(text, **fields))  # type: ignore[arg-type] # fields


async def read(scan: SearchScan, source: MemorySource, budget: int = 1_000) -> list[Hit]:
    found: list[Hit] = []
    await scan.run(source, found.extend, budget=budget)
    return found


def places(hits: list[Hit]) -> list[tuple[str, str | None]]:
    return [(hit.thread_id, hit.item_id) for hit in hits]


async def test_every_item_is_compared_newest_thread_first(source: MemorySource) -> None:
    scan = scan_for('"text 1"')
    hits = await read(scan, source)
    assert places(hits) == [(f"t{number}", f"t{number}.1") for number in reversed(range(50))]
    assert hits[0].kind == "user"
    assert hits[0].user == "ada"
    assert hits[0].passage[slice(*hits[0].matches[0])] == "text 1"
    assert scan.words() == "all 50 threads read; 50 hits"
    assert all(query.background for _, query in source.requests)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("long 7", [("t49", "t49.9")]),
        ("lon* -long", []),
        ("about 7", [("t7", None)]),
        ('text "1 of t17"', [("t17", "t17.1")]),
        ("nothing", []),
    ],
)
async def test_the_language_is_that_of_an_archive(
    source: MemorySource, text: str, found: list[tuple[str, str | None]]
) -> None:
    assert places(await read(scan_for(text), source)) == found


async def test_filters_limit_the_hits(source: MemorySource) -> None:
    source.threads["t3"]["user"] = "bob"
    assert places(await read(scan_for("about", user="bob"), source)) == [("t3", None)]
    assert await read(scan_for("about", kind="assistant"), source) == []


async def test_an_id_is_found_by_its_beginning(source: MemorySource) -> None:
    source.add_thread("cthr_0123456789", NOVEMBER, 2)
    assert places(await read(scan_for("cthr_012"), source)) == [
        ("cthr_0123456789", None),
        ("cthr_0123456789", "cthr_0123456789.1"),
        ("cthr_0123456789", "cthr_0123456789.0"),
    ]


def test_a_text_that_cannot_be_searched_for_is_refused() -> None:
    with pytest.raises(InvalidArgumentError):
        scan_for("-refund")


@pytest.mark.parametrize("budget", [1, 2, 3, 5, 7, 60])
async def test_a_scan_goes_on_where_its_budget_ended(source: MemorySource, budget: int) -> None:
    whole = await read(scan_for("text"), source)
    source.requests.clear()
    scan = scan_for("text")
    while not scan.threads.has_ended:
        before = len(source.requests)
        await read(scan, source, budget)
        assert 0 < len(source.requests) - before <= budget
    assert scan.hits == whole


async def test_it_says_how_far_it_is(source: MemorySource) -> None:
    scan = scan_for("text")
    await read(scan, source, 7)
    assert scan.words() == "4 of 20 listed threads read, back to 2025-12-17; 8 hits"


async def test_it_stops_after_many_hits(source: MemorySource) -> None:
    scan = scan_for("text")
    await scan.run(source, len, most_hits=5)
    assert len(scan.hits) == 6
    await read(scan, source)
    assert len(scan.hits) == 100


async def test_a_stop_at_any_moment_loses_and_repeats_nothing(source: MemorySource) -> None:
    whole = await read(scan_for("text"), source)
    scan = scan_for("text")
    steps = 0
    while not scan.threads.has_ended:
        task = asyncio.create_task(read(scan, source))
        for _ in range(steps % 40 + 10):
            await asyncio.sleep(0)
        steps += 7
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert scan.hits == whole


async def test_threads_that_are_deleted_meanwhile_are_counted(source: MemorySource) -> None:
    scan = scan_for("text")
    await read(scan, source, 2)
    for number in (30, 20, 7):  # the first two are the last of a page, so the list goes on there
        source.delete(f"t{number}")
    await read(scan, source)
    assert scan.words() == "all 48 threads read; 1 deleted meanwhile; 94 hits"


@pytest.mark.parametrize(
    "error",
    [
        APIConnectionError("lost"),
        AuthenticationError("no", status=401),
        RateLimitError("slow", status=429),
    ],
)
@pytest.mark.parametrize("number", [1, 2, 10, 30])
async def test_it_goes_on_after_an_error(
    source: MemorySource, error: APIError, number: int
) -> None:
    source.failures = {number: error}
    scan = scan_for("text")
    with pytest.raises(type(error)):
        await read(scan, source)
    await read(scan, source)
    assert scan.words() == "all 50 threads read; 100 hits"


async def test_a_thread_that_cannot_be_read_ends_nothing(source: MemorySource) -> None:
    source.failures = {10: InternalServerError("broken", status=500)}
    scan = scan_for("text")
    await read(scan, source)
    assert scan.words() == "all 50 threads read; 1 not readable; 98 hits"


async def test_many_such_threads_in_a_row_end_it(source: MemorySource) -> None:
    error = InternalServerError("broken", status=500)
    source.failures = dict.fromkeys(range(10, 100), error)
    scan = scan_for("text")
    with pytest.raises(InternalServerError):
        await read(scan, source)
    assert scan.threads.failed == 3
    source.failures = {}
    await read(scan, source)
    assert scan.words() == "all 50 threads read; 3 not readable; 94 hits"


async def test_a_list_in_a_circle_ends(
    source: MemorySource, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = source.list_threads
    monkeypatch.setattr(source, "list_threads", lambda _: listed(ListQuery(20)))
    scan = scan_for("text")
    await read(scan, source)
    assert scan.words() == (
        "20 of 20 listed threads read; the server gives a cursor that it gave before; 40 hits"
    )
