"""`chatkit-tui export --redact`: what it replaces, counts and refuses."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from chatkit_tui.emulator import Emulator
from tests.cli.conftest import Command
from tests.cli.test_export import OF_FILES

THREADS, ITEMS = 4, 30
ADDRESS = re.compile(rb"[\w.+-]+(?:@|\\u0040|%40)example")


@pytest.fixture
def emulator() -> Emulator:
    return Emulator(threads=THREADS, items=ITEMS)


@pytest.mark.usefixtures("address")
@pytest.mark.parametrize("kind", OF_FILES)
def test_nothing_of_a_redacted_export_has_an_address(
    chatkit: Command, tmp_path: Path, kind: str
) -> None:
    folder = tmp_path / "folder"
    ended = chatkit("export", "--all", "--output", str(folder), "--format", kind, "--redact")
    assert ended.code == 0
    assert re.search(r"Redacted: [\d,]+ email", ended.errors)
    texts = [path.read_bytes() + path.name.encode() for path in folder.rglob("*.*")]
    assert len(texts) > THREADS
    assert not [match for text in texts if (match := ADDRESS.search(text))]
    assert any("‹email 1›".encode() in text or rb"\u2039email 1\u203a" in text for text in texts)


@pytest.mark.parametrize("output", ["folder", "a.md"])
def test_reasons_are_redacted_as_well(
    chatkit: Command, address: str, tmp_path: Path, output: str
) -> None:
    wanted = ("ada@one.example", "--exact", "--output", str(tmp_path / output))
    ended = chatkit("export", *wanted, "--redact", "--json")
    assert ended.code == 4, address
    (reason,) = json.loads(ended.output)["failed"].values()
    assert "Not found (404): thread ‹email 1› at " in reason


def test_a_redacted_file_says_so_and_counts(
    chatkit: Command, thread_id: str, tmp_path: Path
) -> None:
    file = tmp_path / "a.json"
    options = ("--redact", "--redact-pattern", "kind=chatkit\\.thread_item", "--region", "de")
    ended = chatkit("export", thread_id, "--output", str(file), *options, "--json")
    assert json.loads(ended.output)["redacted"]["kind"] == ITEMS
    exported = json.loads(file.read_bytes())
    assert exported["export"]["redacted"] is True
    assert {item["object"] for item in exported["items"]} == {"‹kind 1›"}
    assert exported["thread"]["id"] == thread_id


@pytest.mark.usefixtures("address")
def test_a_later_run_gives_no_token_a_second_meaning(
    chatkit: Command, emulator: Emulator, tmp_path: Path
) -> None:
    first, second = (emulator.library.identifier(index) for index in (0, 1))
    options = ("--output", str(tmp_path), "--format", "jsonl", "--redact")
    pattern = ("--redact-pattern", "id=c(thr|ti)_[0-9a-f]+")
    chatkit("export", first, *options, *pattern)
    chatkit("export", second, *options, *pattern)
    numbers = [
        {int(number) for number in re.findall("‹id (\\d+)›", path.read_text())}
        for path in tmp_path.glob("20*.jsonl")
    ]
    assert len(numbers) == 2
    assert not numbers[0] & numbers[1]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--region", "DE"), "need --redact"),
        (("--redact-pattern", "a=b"), "need --redact"),
        (("--redact", "--redact-pattern", "a=("), "pattern a is invalid"),
        (("--redact", "--redact-pattern", "email=x"), "taken"),
        (("--redact", "--region", "Germany"), "not a region"),
    ],
)
def test_wrong_options_of_redaction_write_nothing(
    chatkit: Command, thread_id: str, tmp_path: Path, options: tuple[str, ...], words: str
) -> None:
    ended = chatkit("export", thread_id, "--output", str(tmp_path / "a.md"), *options)
    assert ended.code == 2
    assert words in ended.errors
    assert not list(tmp_path.iterdir())


def test_without_the_extra_nothing_is_written(
    chatkit: Command, thread_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "phonenumbers", None)
    ended = chatkit("export", thread_id, "--output", str(tmp_path / "a.md"), "--redact")
    assert ended.code == 2
    assert "pip install 'chatkit-tui[redact]'" in ended.errors
    assert not list(tmp_path.iterdir())
