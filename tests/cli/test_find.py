"""`threads find` on the sample data."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from chatkit_tui.emulator import Emulator
from chatkit_tui.predicates.predicate import Predicate
from tests.cli.conftest import Command

Find: TypeAlias = Callable[..., list[dict[str, Any]]]
"""Gives the rows that `threads find` finds."""


def rows_of(chatkit: Command, *arguments: str) -> list[dict[str, Any]]:
    found = chatkit("--demo", "threads", "find", *arguments, "--jsonl")
    assert found.code == 0, found.errors
    return [json.loads(line) for line in found.output.splitlines()]


@pytest.fixture
def find(chatkit: Command, demo_archive: Path) -> Find:
    """Runs `threads find` on the archive of the sample data, made once for all tests."""

    def rows(*arguments: str) -> list[dict[str, Any]]:
        found = chatkit("--archive", str(demo_archive), "threads", "find", *arguments, "--jsonl")
        assert found.code == 0, found.errors
        return [json.loads(line) for line in found.output.splitlines()]

    return rows


def test_the_object_has_each_thread_as_it_came_and_what_was_found(chatkit: Command) -> None:
    found = chatkit("--demo", "threads", "find", "--in-progress", "--json")
    value = json.loads(found.output)
    assert {key: value[key] for key in value if key != "data"} == {
        "object": "list",
        "has_more": False,
        "scanned": 60,
        "reason": None,
    }
    assert (found.code, found.errors, len(value["data"])) == (0, "", 3)
    row = value["data"][0]
    thread = chatkit("--demo", "threads", "show", row["thread"]["id"], "--json").raw.strip()
    assert b'{"thread":' + thread + b',"found":[' in found.raw
    assert row["found"] == [
        {
            "predicate": "in-progress",
            "item_id": row["found"][0]["item_id"],
            "reason": "fill_claim_form is still in progress",
        }
    ]


def test_a_line_has_id_user_time_problems_and_title(chatkit: Command) -> None:
    lines = chatkit("--demo", "threads", "find", "--in-progress").output.splitlines()
    cells = [line.split("\t") for line in lines]
    assert [len(line) for line in cells] == [5, 5, 5]
    assert cells[0][1:] == [
        "mira.okafor@example.com",
        "2026-03-12T09:16:00Z",
        "in-progress",
        "Flight TP 576 cancelled, need to be home tonight",
    ]


def test_problems_are_alternatives_and_other_conditions_are_not(find: Find) -> None:
    broken = find("--broken-item")
    hanging = find("--in-progress")
    both = find("--broken-item", "--in-progress")
    ids = {row["thread"]["id"] for row in (*broken, *hanging)}
    assert {row["thread"]["id"] for row in both} == ids
    assert len(ids) == 4
    user = hanging[0]["thread"]["user"]
    limited = find("--in-progress", "--user", user, "--status", "active")
    assert [row["thread"]["id"] for row in limited] == [hanging[0]["thread"]["id"]]
    assert find("--in-progress", "--status", "closed") == []
    until = find("--in-progress", "--until", "2026-03-11")
    since = find("--in-progress", "--since", "2026-03-12")
    assert [len(until), len(since)] == [2, 1]


def test_a_text_is_one_more_condition(find: Find) -> None:
    texts = find("--text", "refund")
    assert {each["predicate"] for row in texts for each in row["found"]} == {"text"}
    both = find("--text", "flight", "--in-progress")
    (row,) = both
    assert {each["predicate"] for each in row["found"]} == {"text", "in-progress"}


def test_no_problem_named_means_any(find: Find) -> None:
    found = find()
    names = {each["predicate"] for row in found for each in row["found"]}
    assert {"unanswered", "tool-error", "in-progress", "broken-item"} <= names <= {*Predicate}


@pytest.mark.parametrize("form", [(), ("--json",), ("--jsonl",)])
def test_the_end_of_the_budget_is_said_and_no_failure(
    chatkit: Command, form: tuple[str, ...]
) -> None:
    found = chatkit("--demo", "threads", "find", "--broken-item", "--budget", "3", *form)
    assert found.code == 0
    assert "2 of 60 listed threads read" in found.errors
    if form == ("--json",):
        value = json.loads(found.output)
        assert (value["scanned"], value["has_more"], value["reason"]) == (2, True, "budget")


def test_none_found_is_said_and_no_failure(chatkit: Command) -> None:
    found = chatkit("--demo", "threads", "find", "--text", "xylophonist", "--json")
    assert (found.code, json.loads(found.output)["data"]) == (0, [])
    assert "all 60 threads read; none found" in found.errors


def test_a_relative_date_counts_from_the_time_of_the_sample_data(chatkit: Command) -> None:
    week, everything = (
        {row["thread"]["id"] for row in rows_of(chatkit, "--unanswered", "--since", since)}
        for since in ("7d", "900d")
    )
    assert set() < week < everything


@pytest.mark.parametrize(
    "arguments", [("--json", "--jsonl"), ("--budget", "0"), ("--since", "soon"), ("--text", "-no")]
)
def test_wrong_usage(chatkit: Command, arguments: tuple[str, ...]) -> None:
    found = chatkit("--demo", "threads", "find", *arguments)
    assert (found.code, found.raw) == (2, b"")


def test_a_failure_ends_the_object_too(chatkit: Command, address: str, emulator: Emulator) -> None:
    emulator.faults = ("unauthorized@threads.list_items",)
    found = chatkit("threads", "find", "--json")
    assert found.code == 3, address
    assert json.loads(found.output)["reason"] == "error"


@pytest.mark.parametrize(
    ("conditions", "most"),
    [
        (("--in-progress", "--tool-error", "--broken-item"), 60),
        (("--text", "flight", "--in-progress"), 1),
    ],
)
def test_an_archive_has_the_same_answers(
    chatkit: Command, demo_archive: Path, conditions: tuple[str, ...], most: int
) -> None:
    archive, api = (
        chatkit(*source, "threads", "find", *conditions)
        for source in (("--archive", str(demo_archive)), ("--demo",))
    )
    assert (archive.code, archive.output) == (0, api.output)
    assert min(most, 4) <= len(archive.output.splitlines()) <= most
