"""Deletion one by one: the order, and what stops the rest."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
from collections.abc import Awaitable, Callable
from datetime import timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from chatkit_tui.deletion import report
from chatkit_tui.deletion.delete import DeletionResult, delete_threads
from chatkit_tui.deletion.journal import (
    DeletionJournal,
    JournalAccount,
    PastDeletion,
    ThreadOutcome,
)
from chatkit_tui.deletion.report import describe_deletion, look_up, report_unreported
from chatkit_tui.errors import (
    APIConnectionError,
    APIStatusError,
    AuthenticationError,
    ChatKitError,
    InternalServerError,
    NotFoundError,
    OutcomeUnknownError,
    PermissionDeniedError,
    RateLimitError,
    ReadOnlyError,
)
from chatkit_tui.models.threads import ThreadDeleted
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


# -- what an earlier run left behind ---------------------------------------------------------------


async def cut_short(journal: DeletionJournal, *thread_ids: str, at: str) -> None:
    """Record a deletion whose program ends while a request is in flight."""
    reached = asyncio.Event()

    async def delete(thread_id: str) -> Deletion:
        if thread_id == at:
            reached.set()
            await asyncio.Event().wait()
        return Deletion()

    async def run() -> None:
        async for _ in delete_threads(delete, thread_ids, journal):
            pass

    task = asyncio.create_task(run())
    await reached.wait()
    task.cancel()
    await asyncio.wait([task])


async def unreachable(thread_id: str) -> object:
    raise APIConnectionError(f"no route to {thread_id}")


async def gone(thread_id: str) -> object:
    raise NotFoundError("no such thread", status=404)


async def still_there(thread_id: str) -> object:
    return thread_id


@pytest.mark.parametrize(
    ("retrieve", "said", "outcome"),
    [
        (gone, "2 deleted, 2 left alone. b is gone.", Outcome.DELETED),
        (
            still_there,
            "1 deleted, 1 not deleted, 2 left alone. b was still there just now.",
            Outcome.FAILED,
        ),
        (unreachable, "1 deleted, 1 not known, 2 left alone. Not known: b.", Outcome.UNKNOWN),
    ],
)
async def test_an_interrupted_deletion_is_looked_up_and_reported_once(
    journal: DeletionJournal,
    retrieve: Callable[[str], Awaitable[object]],
    said: str,
    outcome: Outcome,
) -> None:
    await cut_short(journal, "a", "b", "c", "d", at="b")
    [line] = await report_unreported(journal, retrieve)
    assert "The deletion of 4 threads on 20" in line
    assert f"was cut short: {said}" in line
    assert await report_unreported(journal, retrieve) == []
    [past] = journal.all()
    assert past.outcomes["b"].outcome is outcome
    assert sorted(path.name for path in journal.path.parent.iterdir()) == [
        "deletions.jsonl",
        "deletions.jsonl.lock",
    ]


async def test_a_thread_of_another_account_is_not_looked_up(journal: DeletionJournal) -> None:
    await cut_short(journal, "a", at="a")
    elsewhere = DeletionJournal(JournalAccount("other.invalid", key="-key"), journal.path)
    [line] = await report_unreported(elsewhere, gone)
    assert "1 not known" in line
    assert "That was at api.invalid, profile live." in line


async def test_a_deletion_in_progress_is_not_reported(journal: DeletionJournal) -> None:
    told: list[list[str]] = []

    async def delete(thread_id: str) -> Deletion:
        told.append(await report_unreported(DeletionJournal(HERE, journal.path), gone))
        return Deletion()

    async for _ in delete_threads(delete, ["a", "b"], journal):
        pass
    assert told == [[], []]
    assert await report_unreported(journal, gone) == []


async def test_a_deletion_that_the_user_did_not_see_is_reported(journal: DeletionJournal) -> None:
    async for _ in delete_threads(Account().delete, ["a", "b"], journal, seen=lambda: False):
        pass
    [line] = await report_unreported(journal, unreachable)
    assert "ended after you had left: 2 deleted." in line


async def test_programs_that_start_at_the_same_time_report_it_once(
    journal: DeletionJournal,
) -> None:
    await cut_short(journal, "a", "b", at="b")
    told = await asyncio.gather(*(report_unreported(journal, gone) for _ in range(4)))
    assert sum(len(lines) for lines in told) == 1


def test_a_deletion_in_another_zone_or_without_a_time_is_described(
    journal: DeletionJournal,
) -> None:
    record = journal.begin({"a": None})
    record.close()
    [past] = journal.all()
    east = timezone(timedelta(hours=2), "EET")
    assert " EET was cut short: 1 left alone." in describe_deletion(past, east)
    assert "on an unknown day was" in describe_deletion(past._replace(time="soon"), east)


async def test_a_deletion_that_could_not_be_recorded_is_reported_as_such(
    journal: DeletionJournal,
) -> None:
    account = Account()

    async def delete(thread_id: str) -> Deletion:
        journal.path.unlink()
        journal.path.mkdir()
        return await account.delete(thread_id)

    first, second = [result async for result in delete_threads(delete, ["a", "b"], journal)]
    assert first.outcome is Outcome.DELETED
    assert first.reason == f"This could not be recorded ({journal.place}: Is a directory)."
    assert second.outcome is Outcome.NOT_TRIED
    assert account.asked == ["a"]


async def test_a_deletion_without_threads_is_not_reported_and_one_without_a_host_is(
    journal: DeletionJournal,
) -> None:
    journal.path.parent.mkdir(parents=True)
    journal.path.write_text(
        '{"record": "begun", "deletion": "ab", "threads": {}}\n'
        '{"record": "begun", "deletion": "ac", "threads": [{"id": "a"}]}\n'
    )
    [line] = await report_unreported(journal, lambda _: asyncio.sleep(0))
    assert line.endswith("was cut short: 1 left alone. That was at an unknown host.")


async def test_a_gateways_404_and_another_thread_do_not_prove_an_outcome(
    journal: DeletionJournal,
) -> None:
    answers: list[object] = [NotFoundError("page", status=404, from_api=False), {"id": "z"}]

    async def retrieve(thread_id: str) -> object:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return ThreadDeleted(id="another")

    past = PastDeletion(
        "ab", "", HERE, dict.fromkeys(["a", "b"], ThreadOutcome(Outcome.UNKNOWN, "cut short"))
    )
    until = asyncio.get_running_loop().time() + 10
    assert await look_up(retrieve, past, until) == {}
    assert answers == []


async def test_many_unreported_deletions_take_few_lines_and_a_bounded_time(
    journal: DeletionJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "LOOKUP_TIMEOUT", 0.2)
    for number in range(25):
        record = journal.begin({f"a{number}": None, f"b{number}": None})
        record.asked(f"a{number}")
        record.close()
    asked: list[str] = []

    async def hangs(thread_id: str) -> object:
        asked.append(thread_id)
        return await asyncio.Event().wait()

    lines = await asyncio.wait_for(report_unreported(journal, hangs), 20)
    assert len(lines) == report.MAX_LINES + 1
    assert all("1 not known, 1 left alone. Not known: a" in line for line in lines[:-1])
    assert lines[-1] == (
        "15 older deletions had not been reported either: 15 not known, 15 left alone. "
        "`chatkit-tui threads deletions` lists them."
    )
    assert asked == ["a15"]
    assert await report_unreported(journal, gone) == []


async def test_an_interrupted_report_is_repeated_by_a_later_start(
    journal: DeletionJournal,
) -> None:
    await cut_short(journal, "a", at="a")

    reached = asyncio.Event()

    async def hangs(thread_id: str) -> object:
        reached.set()
        return await asyncio.Event().wait()

    task = asyncio.create_task(report_unreported(journal, hangs))
    await reached.wait()
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    assert len(await report_unreported(journal, gone)) == 1


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("gone when looked up", " a4 is gone. 1,495 more are gone."),
        ("still there when looked up", " a4 was still there just now. 1,495 more were still there"),
        ("cut short", " Not known: a0, a1, a2, a3, a4, 1,495 more. `chatkit-tui threads show ID`"),
    ],
)
def test_a_line_names_some_threads_and_counts_the_others(reason: str, said: str) -> None:
    outcomes = {f"a{number}": ThreadOutcome(Outcome.UNKNOWN, reason) for number in range(1_500)}
    line = describe_deletion(PastDeletion("ab", "2026-11-01T00:00:00Z", HERE, outcomes))
    assert said in line
    assert len(line) < 500


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
