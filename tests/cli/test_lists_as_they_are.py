"""Commands on lists that break the rules: output, reports and exit codes."""

from __future__ import annotations

import json

import pytest

from chatkit_tui.emulator import Emulator
from chatkit_tui.emulator.faults.lists import SHARED_ID
from chatkit_tui.sources.paging import MOST_WITHOUT_NEW, NOTHING_NEW
from tests.cli.conftest import Command

FORMS = [(), ("--json",), ("--jsonl",)]


@pytest.fixture
def emulator() -> Emulator:
    return Emulator(threads=3, items=250)


def ids_of(output: str) -> list[str | None]:
    return [json.loads(line)["id"] for line in output.splitlines()]


@pytest.mark.parametrize("form", FORMS)
def test_the_same_row_under_new_cursors_ends_the_list_with_a_reason(
    chatkit: Command, emulator: Emulator, address: str, form: tuple[str, ...]
) -> None:
    emulator.faults = ("new-cursors",)
    ended = chatkit("threads", "list", "--all", *form)
    assert ended.code == 1
    assert NOTHING_NEW in ended.errors
    assert f"{MOST_WITHOUT_NEW} rows omitted" in ended.errors
    assert len(emulator.requests) == 1 + MOST_WITHOUT_NEW
    assert ended.output.count(emulator.thread_id()) >= 1


@pytest.mark.parametrize("form", FORMS)
def test_items_that_share_an_id_are_all_written(
    chatkit: Command, emulator: Emulator, address: str, form: tuple[str, ...]
) -> None:
    emulator.faults = ("shared-ids",)
    ended = chatkit("threads", "items", emulator.thread_id(), "--all", *form)
    assert (ended.code, ended.errors) == (0, "")
    if form == ("--json",):
        assert len(json.loads(ended.output)["data"]) == 250
    else:
        assert len(ended.output.splitlines()) == 250
    assert ended.output.count(SHARED_ID) > 20


def test_a_whole_conversation_has_the_items_that_share_an_id(
    chatkit: Command, emulator: Emulator, address: str
) -> None:
    plain = chatkit("threads", "show", emulator.thread_id())
    emulator.faults = ("shared-ids",)
    shared = chatkit("threads", "show", emulator.thread_id())
    assert len(shared.output.splitlines()) == len(plain.output.splitlines())
    assert "250 items, all that the thread has" in shared.output


def test_repeats_that_are_left_out_are_counted_and_reported(
    chatkit: Command, emulator: Emulator, address: str
) -> None:
    emulator.faults = ("repeated-ids",)
    shown = chatkit("threads", "show", emulator.thread_id())
    assert "250 items, all that the thread has; 2 that came again byte for byte" in shown.output
    listed = chatkit("threads", "items", emulator.thread_id(), "--all", "--jsonl")
    assert listed.code == 0
    assert len(set(ids_of(listed.output))) == len(listed.output.splitlines()) == 250
    assert "2 rows omitted" in listed.errors


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("extent", [("--all",), ("--limit", "2"), ()])
def test_empty_pages_that_go_on_are_not_an_empty_account(
    chatkit: Command,
    emulator: Emulator,
    address: str,
    form: tuple[str, ...],
    extent: tuple[str, ...],
) -> None:
    plain = chatkit("threads", "list", *extent, *form)
    emulator.faults = ("empty-pages",)
    ended = chatkit("threads", "list", *extent, *form)
    assert ended.code == 0
    assert "none" not in ended.errors
    assert ended.output.replace("\n", "") == plain.output.replace("\n", "")


def test_rows_without_an_id_are_listed_and_reported_and_never_named_otherwise(
    chatkit: Command, emulator: Emulator, address: str
) -> None:
    emulator.faults = ("null-ids@threads.list",)
    listed = chatkit("threads", "list", "--all")
    assert listed.code == 0
    assert len(listed.output.splitlines()) == 3
    assert [line.split("\t")[0] for line in listed.output.splitlines()][1] == ""
    assert "1 row without an id" in listed.errors
    assert "no id " not in listed.output
    whole = json.loads(chatkit("threads", "list", "--limit", "2", "--json").output)
    assert whole["data"][1]["id"] is None


def test_a_list_made_of_pages_names_no_row_that_has_no_id(
    chatkit: Command, address: str, emulator: Emulator
) -> None:
    emulator.faults = ("null-ids@threads.list_items", "no-last-id@threads.list_items")
    ended = chatkit("threads", "items", emulator.thread_id(), "--all", "--json")
    whole = json.loads(ended.output)
    assert len(whole["data"]) == 250
    assert "no id" not in str(whole["last_id"])
    assert whole["last_id"] == whole["data"][-1]["id"]
    assert "83 rows without an id" in ended.errors
