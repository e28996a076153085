"""Deletion one by one: the order, and what stops the rest."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest

from chatkit_tui.deletion.delete import DeletionResult, delete_threads
from chatkit_tui.deletion.journal import (
    DeletionJournal,
    JournalAccount,
)
from chatkit_tui.errors import (
    APIConnectionError,
    APIStatusError,
    AuthenticationError,
    ChatKitError,
    InternalServerError,
    OutcomeUnknownError,
    PermissionDeniedError,
    RateLimitError,
    ReadOnlyError,
)
from chatkit_tui.sources.base import Deletion, Outcome

HERE = JournalAccount("api.invalid", "live", key="-key")


@pytest.fixture
def journal(tmp_path: Path) -> DeletionJournal:
    """An empty journal."""
    return DeletionJournal(HERE, tmp_path / "state" / "deletions.jsonl")


def records(journal: DeletionJournal) -> list[dict[str, Any]]:
    """Return the lines of the journal."""
    return [json.loads(line) for line in journal.path.read_text().splitlines()]


class Account:
    """Threads that can be deleted, and the errors of some."""

    def __init__(self, **errors: ChatKitError) -> None:
        self.errors = errors
        self.asked: list[str] = []

    async def delete(self, thread_id: str) -> Deletion:
        self.asked.append(thread_id)
        if error := self.errors.get(thread_id):
            raise error
        return Deletion(f"req_{thread_id}")


async def outcomes(
    account: Account, journal: DeletionJournal, *thread_ids: str
) -> dict[str, Outcome]:
    return {
        result.thread_id: result.outcome
        async for result in delete_threads(account.delete, thread_ids, journal)
    }


async def test_a_thread_named_twice_is_requested_once(
    journal: DeletionJournal,
) -> None:
    account = Account()
    assert await outcomes(account, journal, "a", "b", "a") == {
        "a": Outcome.DELETED,
        "b": Outcome.DELETED,
    }
    assert account.asked == ["a", "b"]


async def test_a_failure_does_not_stop_the_rest(journal: DeletionJournal) -> None:
    account = Account(a=APIConnectionError("no route"))
    assert await outcomes(account, journal, "a", "b") == {"a": Outcome.FAILED, "b": Outcome.DELETED}


async def test_an_unknown_outcome_is_not_a_failure(journal: DeletionJournal) -> None:
    account = Account(a=OutcomeUnknownError("no answer"))
    results = [result async for result in delete_threads(account.delete, ["a"], journal)]
    assert results == [DeletionResult("a", Outcome.UNKNOWN, "no answer")]


@pytest.mark.parametrize(
    "error",
    [
        AuthenticationError("bad key", status=401),
        PermissionDeniedError("not yours", status=403),
        ReadOnlyError("read-only"),
        RateLimitError("too fast", status=429, retry_after=120.5),
        InternalServerError("overloaded", status=503, retry_after=300),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_an_error_that_the_next_thread_would_have_too_stops_the_rest(
    journal: DeletionJournal, error: ChatKitError
) -> None:
    account = Account(b=error)
    assert await outcomes(account, journal, "a", "b", "c", "d") == {
        "a": Outcome.DELETED,
        "b": Outcome.FAILED,
        "c": Outcome.NOT_TRIED,
        "d": Outcome.NOT_TRIED,
    }
    assert account.asked == ["a", "b"]


@pytest.mark.parametrize("wait", [None, 120.0])
async def test_a_rate_limit_that_passes_soon_does_not_stop_the_rest(
    journal: DeletionJournal, wait: float | None
) -> None:
    account = Account(a=RateLimitError("too fast", status=429, retry_after=wait))
    assert await outcomes(account, journal, "a", "b") == {"a": Outcome.FAILED, "b": Outcome.DELETED}


async def test_a_failure_carries_the_request_id_once(journal: DeletionJournal) -> None:
    account = Account(
        a=APIStatusError("teapot", status=418, request_id="req_1"),
        b=InternalServerError("failed (request req_2)", status=500, request_id="req_2"),
    )
    results = [result async for result in delete_threads(account.delete, ["a", "b"], journal)]
    assert [result.reason for result in results] == [
        "teapot (request req_1)",
        "failed (request req_2)",
    ]


async def test_no_request_is_sent_after_a_stop(journal: DeletionJournal) -> None:
    account = Account()
    results = [
        result.outcome
        async for result in delete_threads(
            account.delete, ["a", "b", "c"], journal, stopped=lambda: len(account.asked) == 1
        )
    ]
    assert results == [Outcome.DELETED, Outcome.NOT_TRIED, Outcome.NOT_TRIED]
    assert account.asked == ["a"]


# -- the record ------------------------------------------------------------------------------------


async def test_each_request_is_recorded_before_and_after(journal: DeletionJournal) -> None:
    account = Account(
        b=RateLimitError("too fast", status=429, code="slow_down", request_id="req_9")
    )
    seen_at_call: list[list[str]] = []

    async def delete(thread_id: str) -> Deletion:
        seen_at_call.append([line["record"] for line in records(journal)])
        return await account.delete(thread_id)

    async for _ in delete_threads(delete, ["a", "b"], journal, titles={"a": "Flight 9", "b": None}):
        pass
    assert seen_at_call == [
        ["begun", "asked"],
        ["begun", "asked", "answered", "asked"],
    ]
    lines = records(journal)
    assert {(line["host"], line["profile"], line["key"]) for line in lines} == {
        ("api.invalid", "live", "-key")
    }
    assert len({line["deletion"] for line in lines}) == 1
    assert all(line["time"].endswith("Z") for line in lines)
    begun, _, first, _, second, ended = lines
    title = hashlib.sha256(b"Flight 9").hexdigest()
    assert begun["pid"] == os.getpid()
    assert begun["threads"] == [
        {"id": "a", "title_sha256": title},
        {"id": "b", "title_sha256": None},
    ]
    assert (first["thread"], first["result"], first["request_id"]) == ("a", "deleted", "req_a")
    assert (second["result"], second["reason"], second["request_id"]) == (
        "failed",
        "429 slow_down",
        "req_9",
    )
    assert ended["seen"] is True


async def test_no_thread_is_deleted_without_a_journal_entry(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    journal = DeletionJournal(HERE, tmp_path / "state" / "deletions.jsonl")
    account = Account()
    results = [row async for row in delete_threads(account.delete, ["a", "b"], journal)]
    assert account.asked == []
    assert [row.outcome for row in results] == [Outcome.NOT_TRIED] * 2
    assert journal.place in results[0].reason
    assert "directory" in results[0].reason.lower() or "exists" in results[0].reason.lower()


async def test_an_entry_that_cannot_be_written_stops_the_deletion(
    journal: DeletionJournal,
) -> None:
    account = Account()

    async def delete(thread_id: str) -> Deletion:
        if thread_id == "b":  # the record goes away between the call and its answer
            journal.path.unlink()
            journal.path.mkdir()
        return await account.delete(thread_id)

    results = [row async for row in delete_threads(delete, ["a", "b", "c"], journal)]
    assert account.asked == ["a", "b"]
    assert [row.outcome for row in results] == [
        Outcome.DELETED,
        Outcome.DELETED,
        Outcome.NOT_TRIED,
    ]
    assert journal.place in results[1].reason


async def test_no_word_of_a_server_gets_into_the_record(journal: DeletionJournal) -> None:
    canary = "sk-proj-canary"
    account = Account(
        a=APIStatusError(f"no {canary}", status=418, code=canary, request_id=f"req {canary}"),
        b=InternalServerError("failed", status=500, code="server_error", request_id=canary),
        c=APIConnectionError(canary, request_id="req_\n"),
    )
    async for _ in delete_threads(account.delete, ["a", "b", "c"], journal):
        pass
    answered = [line for line in records(journal) if line["record"] == "answered"]
    assert canary not in journal.path.read_text()
    assert [(line["reason"], line["request_id"]) for line in answered] == [
        ("418", None),
        ("500 server_error", None),
        ("APIConnectionError", None),
    ]


async def test_proofs_and_reasons_are_recorded(
    journal: DeletionJournal,
) -> None:
    refusal = AuthenticationError("bad key", status=401)
    unknown = OutcomeUnknownError("not known", request_id="req_2", reason="the server failed (500)")
    unknown.__cause__ = refusal

    async def delete(thread_id: str) -> Deletion:
        if thread_id == "b":
            raise unknown
        return Deletion("req_1", "the answer had no body")

    results = [row async for row in delete_threads(delete, ["a", "b", "c"], journal)]
    assert [(row.outcome, row.request_id) for row in results] == [
        (Outcome.DELETED, "req_1"),
        (Outcome.UNKNOWN, "req_2"),
        (Outcome.NOT_TRIED, None),  # a refused key stops the rest, whatever came before it
    ]
    assert results[0].reason == ""
    assert [row["reason"] for row in records(journal) if row["record"] == "answered"] == [
        "the answer had no body",
        "the server failed (500)",
        "the previous deletion was not permitted",
    ]
