"""An archive knows the problems of its threads, as reading all their items would find them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.inspection.problem_scan import FoundThread, ProblemQuery, ProblemScan
from chatkit_tui.predicates.predicate import Predicate
from chatkit_tui.predicates.problems import ANSWER_GRACE
from chatkit_tui.sources.archive import problem_index
from chatkit_tui.sources.archive.source import ArchiveSource
from chatkit_tui.sources.archive.thread_items import Row
from chatkit_tui.sources.archive.verify import verify
from chatkit_tui.sources.archive.writer import ArchiveWriter
from chatkit_tui.sources.base import Capability
from tests.sources.archive.builder import (
    NOW,
    THEN,
    archive,
    follow,
    index_all,
    list_threads,
    message,
    read_again,
    thread,
    writing,
)


class RowsAlone(ArchiveSource):
    """An archive that is read row by row, whatever its index knows."""

    capabilities = ArchiveSource.capabilities - {Capability.PROBLEMS}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file"


async def scanned(
    source: ArchiveSource, wanted: ProblemQuery | None = None, now: float = NOW
) -> tuple[list[tuple[bytes, tuple[Any, ...]]], ProblemScan]:
    """What a scan reports of each thread, and the scan."""
    scan, found = ProblemScan(wanted or ProblemQuery()), list[FoundThread]()
    try:
        await scan.run(source, found.append, now=lambda: now, budget=1_000_000)
    finally:
        await source.aclose()
    return [(each.thread.raw, each.found) for each in found], scan


async def assert_same(path: Path, *, unknown: int = 0, now: float = NOW) -> None:
    """The index gives what the rows give, for all but some threads that it does not know."""
    read, rows = await scanned(RowsAlone(path), now=now)
    found, scan = await scanned(ArchiveSource(path), now=now)
    assert found == read
    assert scan.not_indexed == unknown
    assert scan.threads.progress() == rows.threads.progress()
    assert list(verify(path)) == []


def call(identifier: str, output: str | None = "{}", **fields: Any) -> Row:
    value = {
        "id": identifier,
        "type": "chatkit.client_tool_call",
        "created_at": THEN,
        "status": "in_progress" if output is None else "completed",
        "name": "Kilimanjaro",
        "arguments": "{}",
        "output": output,
        **fields,
    }
    return Row(identifier, json.dumps(value))


def answer(identifier: str, seconds: int, text: str = "yes") -> Row:
    content = [{"type": "output_text", "text": text, "annotations": []}]
    return message(
        identifier, type="chatkit.assistant_message", created_at=THEN + seconds, content=content
    )


ODD = [
    Row("odd", '{"id": "odd", "type": "chatkit.other", "created_at": 5}'),
    Row("none", '{"id": "none"}'),
    message("bad", created_at="yesterday", content=7),
    message("hidden", "a\u202eb\u200b\x1b[31m", created_at=None),
]


@pytest.mark.slow
async def test_the_sample_data_has_the_same_problems(demo_archive: Path) -> None:
    seen = set()
    for query in (ProblemQuery(), ProblemQuery(frozenset({Predicate.TOOL_ERROR}), text="the")):
        read, _ = await scanned(RowsAlone(demo_archive), query)
        found, scan = await scanned(ArchiveSource(demo_archive), query)
        assert (found, scan.not_indexed) == (read, 0)
        seen |= {problem.predicate for _, problems in found for problem in problems}
    assert seen > {"text", "tool-error", "in-progress", "unanswered"}


names = st.sampled_from(["", *"pqrstuvwxyz"])
rows = st.one_of(
    st.builds(lambda name, at: message(name, created_at=THEN + at), names, st.integers(0, 300)),
    st.builds(answer, names, st.integers(0, 900), st.sampled_from(["", "yes", "a\u202eb"])),
    st.builds(call, names, st.sampled_from([None, "{}", "{", '{"error": "no"}', ""])),
    st.sampled_from(ODD),
)
states = st.lists(st.lists(rows, max_size=12), min_size=1, max_size=3)


@given(states=states, now=st.integers(THEN, THEN + 500))
@pytest.mark.slow
async def test_any_thread_has_the_same_problems_whatever_changed(
    tmp_path_factory: pytest.TempPathFactory, states: Sequence[Sequence[Row]], now: int
) -> None:
    path = tmp_path_factory.mktemp("archive") / "file"
    with writing(path) as writer:
        list_threads(writer, thread("a"))
        for state in states:
            read_again(writer, "a", state)
            index_all(writer)
    read, _ = await scanned(RowsAlone(path), now=now)
    found, _ = await scanned(ArchiveSource(path), now=now)
    assert found == read
    assert list(verify(path)) == []


THREAD = [message("1"), call("2", None), message("3"), answer("4", 900), message("5")]

CHANGES: dict[str, Callable[[ArchiveWriter], object]] = {
    "new": lambda writer: follow(writer, "a", [*THREAD, call("6", "{")]),
    "changed": lambda writer: read_again(writer, "a", [THREAD[0], call("2"), *THREAD[2:]]),
    "deleted": lambda writer: read_again(writer, "a", THREAD[2:]),
    "removed": lambda writer: writer.remove(["a"]),
    "another user": lambda writer: list_threads(writer, thread("a", user="bob"), thread("b")),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_a_change_is_seen_at_once_and_indexed_by_the_end(path: Path, change: str) -> None:
    archive(path, {"a": THREAD, "b": ODD})
    await assert_same(path)
    with writing(path) as writer:
        CHANGES[change](writer)
    await assert_same(path, unknown=change in {"new", "changed", "deleted"})
    with writing(path) as writer:
        index_all(writer)
    await assert_same(path)


async def test_the_grace_of_the_newest_message_is_that_of_the_question(path: Path) -> None:
    archive(path, {"a": [message("1")]})
    for now in (THEN, THEN + ANSWER_GRACE - 1, THEN + ANSWER_GRACE):
        await assert_same(path, now=now)


async def test_a_thread_that_is_not_read_to_its_end_is_read(path: Path) -> None:
    with writing(path) as writer:
        list_threads(writer, thread("a"), thread("b"))
        follow(writer, "a", THREAD, ended=False)
        index_all(writer)
    await assert_same(path, unknown=2)
    _, scan = await scanned(ArchiveSource(path))
    assert scan.words().endswith("; 2 not in the archive's index")


async def test_a_thread_of_very_many_items_is_read(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(problem_index, "MOST_ITEMS", len(THREAD))
    archive(path, {"a": THREAD, "b": [*THREAD, message("one more")]})
    await assert_same(path, unknown=1)
    assert list(verify(path)) == []


async def test_a_file_of_the_version_before_is_read_and_extended_by_the_next_writer(
    path: Path,
) -> None:
    archive(path, {"a": THREAD, "b": ODD})
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("DROP TABLE thread_problems")
    connection.execute("PRAGMA user_version = 1")
    connection.execute("UPDATE meta SET value = '1' WHERE key = 'extractor'")
    connection.close()
    await assert_same(path, unknown=2)
    with writing(path) as writer:
        assert writer.index_some() == 2  # the words are not taken again
        index_all(writer)
    await assert_same(path)
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA user_version").fetchone() == (2,)
    connection.close()


async def test_no_words_of_a_conversation_are_kept_twice(path: Path) -> None:
    archive(path, {"a": [call("1", '{"error": "Livingstone"}'), call("2", None)]})
    connection = sqlite3.connect(path)
    ((found,),) = connection.execute("SELECT found FROM thread_problems").fetchall()
    connection.close()
    assert json.loads(found) == [[0, "tool-error", None], [1, "in-progress", None]]


async def test_what_a_rollback_undid_is_found_again(path: Path) -> None:
    archive(path, {"a": THREAD})
    with writing(path) as writer:
        follow(writer, "a", [*THREAD, call("6", None)])
        index_all(writer)
        with pytest.raises(ZeroDivisionError), writer._transaction():
            raise ZeroDivisionError
        index_all(writer)
    await assert_same(path)


@pytest.mark.parametrize(
    "found",
    [
        "[",
        "[[0]]",
        '[[99, "unanswered", "no answer"]]',
        '[[0, "x", null]]',
        '[[0, "tool-error", null]]',
        '[[0, "unanswered", 7]]',
        7,
        b"\xff",
    ],
)
async def test_problems_that_another_program_wrote_are_not_believed(
    path: Path, found: object
) -> None:
    archive(path, {"a": THREAD})
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("UPDATE thread_problems SET found = ?", (found,))
    connection.close()
    read, _ = await scanned(RowsAlone(path))
    known, scan = await scanned(ArchiveSource(path))
    assert (known, scan.not_indexed) == (read, 1)
    assert [damage.kind for damage in verify(path)]
