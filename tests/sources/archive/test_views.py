"""The views of an archive, for other programs, as the README describes them."""

from __future__ import annotations

import re
import shlex
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatkit_tui.sources.archive.thread_items import Row
from tests.sources.archive.builder import archive, message

README = (Path(__file__).parents[3] / "README.md").read_text()

TOOL_CALL = Row(
    "call",
    '{"id": "call", "type": "chatkit.client_tool_call", "name": "lookup", "status": "completed",'
    ' "arguments": "{}", "output": "{\\"n\\": 1}", "created_at": "2026-11-01T10:00:00Z"}',
)
ANSWER = Row(
    "answer",
    '{"id": "answer", "type": "assistant_message", "created_at": 1780000000,'
    ' "content": [{"type": "output_text", "text": "a"}, {"type": "output_text", "text": "b"}]}',
)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    archive(tmp_path / "file", {"t": [message("1", "hello"), TOOL_CALL, ANSWER]})
    connection = sqlite3.connect(tmp_path / "file")
    yield connection
    connection.close()


def test_the_columns_are_those_of_the_readme(connection: sqlite3.Connection) -> None:
    table = README[README.index("| view | columns |") :]
    rows = re.findall(r"^\| `(\w+)` \| (.*) \|$", table, re.MULTILINE)[:4]
    assert [name for name, _ in rows] == ["threads", "items", "messages", "tool_calls"]
    for name, columns in rows:
        found = [row[1] for row in connection.execute(f"PRAGMA table_info({name})")]
        assert found == re.findall(r"`(\w+)`", columns)


def test_times_are_iso_text_in_utc(connection: sqlite3.Connection) -> None:
    times = [time for (time,) in connection.execute("SELECT created_at FROM items")]
    assert times == ["2026-05-28T20:26:40Z", "2026-11-01T10:00:00Z", "2026-05-28T20:26:40Z"]
    (checked,) = connection.execute("SELECT checked_at FROM threads").fetchone()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", checked)


def test_messages_have_role_and_text(connection: sqlite3.Connection) -> None:
    rows = connection.execute("SELECT position, role, text FROM messages").fetchall()
    assert rows == [(0, "user", "hello"), (2, "assistant", "a\nb")]


def test_tool_calls_have_arguments_and_output(connection: sqlite3.Connection) -> None:
    rows = connection.execute("SELECT name, status, arguments, output FROM tool_calls").fetchall()
    assert rows == [("lookup", "completed", "{}", '{"n": 1}')]


def test_the_examples_of_the_readme_run(connection: sqlite3.Connection) -> None:
    example = re.search(r"<!-- sql:.*?```sh\n(.*?)```", README, re.DOTALL)
    assert example is not None
    arguments = [word for line in example[1].splitlines() for word in shlex.split(line)]
    statements = [word.split("; ")[-1] for word in arguments if "SELECT" in word]
    assert len(statements) == 3
    for statement in statements:
        plain = re.sub(r"sqlite_scan\('home.ckarchive', '(\w+)'\)", r"\1", statement)
        plain = plain.replace("GROUP BY ALL", "GROUP BY name, status")
        assert connection.execute(plain, {"role": "user"} if ":role" in plain else {}).fetchall()
