"""A scan for problems reports every thread that it read to its end, and can go on."""

from __future__ import annotations

import pytest

from chatkit_tui.inspection.findings import Findings
from chatkit_tui.inspection.problem_scan import FoundThread, ProblemQuery, ProblemScan
from chatkit_tui.predicates.predicate import Predicate
from chatkit_tui.sources.base import ListQuery
from tests.sync.memory_source import PAGE_SIZE, MemorySource

NOVEMBER = 1_762_000_000
DAY = 86_400


@pytest.fixture
def source() -> MemorySource:
    """Ten threads of two items, one a day; the last one has more than a page of user messages."""
    source = MemorySource()
    for number in range(10):
        source.add_thread(f"t{number}", NOVEMBER + number * DAY, 2)
    for number in range(PAGE_SIZE * 2):
        source.add_item("t9", content=[{"type": "input_text", "text": f"long {number}"}])
    return source


async def read(scan: ProblemScan, source: MemorySource, budget: int = 100) -> list[FoundThread]:
    found: list[FoundThread] = []
    await scan.run(source, found.append, now=lambda: NOVEMBER + 1_000 * DAY, budget=budget)
    return found


def names(found: list[FoundThread]) -> list[str]:
    return [each.thread.name for each in found]


async def test_a_thread_of_several_pages_is_inspected_as_a_whole(source: MemorySource) -> None:
    scan = ProblemScan(ProblemQuery(frozenset({Predicate.UNANSWERED})))
    found = await read(scan, source)
    assert names(found) == [f"t{number}" for number in reversed(range(10))]
    assert [each.reason for each in found[0].found][-1] == "no answer"
    assert all(query.background for _, query in source.requests)


@pytest.mark.parametrize("budget", [1, 2, 3, 7])
async def test_a_scan_goes_on_where_its_budget_ended(source: MemorySource, budget: int) -> None:
    whole = await read(ProblemScan(ProblemQuery()), source)
    scan, found = ProblemScan(ProblemQuery()), list[FoundThread]()
    while not scan.threads.has_ended:
        found += await read(scan, source, budget)
    assert [each.found for each in found] == [each.found for each in whole]


async def test_only_threads_that_meet_the_conditions_are_read(source: MemorySource) -> None:
    wanted = ProblemQuery(since=NOVEMBER + 6 * DAY, until=NOVEMBER + 8 * DAY)
    scan = ProblemScan(wanted)
    assert names(await read(scan, source)) == ["t7", "t6"]
    assert scan.words().startswith("all 2 threads read")


async def test_given_threads_are_read_and_none_is_listed(source: MemorySource) -> None:
    page = await source.list_threads(ListQuery(limit=3))
    source.requests.clear()
    scan = ProblemScan(ProblemQuery(), page.rows)
    found = await read(scan, source, budget=2)
    assert len(found) < 3
    assert "of 3 loaded threads read" in scan.words(kind="loaded")
    found += await read(scan, source)
    assert names(found) == [row.name for row in page.rows]
    assert not any(name == "" for name, _ in source.requests)


def test_findings_are_words_for_a_row() -> None:
    findings = Findings()
    assert findings.of("t1") is None
    findings.set("t1", {Predicate.IN_PROGRESS: "i1", Predicate.UNANSWERED: "i2"})
    findings.set("t2", {})
    assert findings.of("t2") == frozenset()
    assert findings.item("t1", ["tool-error", "unanswered"]) == "i2"
    assert findings.item("t1", ["tool-error"]) is findings.item("t3", ["unanswered"]) is None
    assert [findings.words(name) for name in ("t1", "t2", "t3")] == [
        "unanswered, in-progress",
        "",
        "",
    ]
