"""Deletions that an earlier run left unfinished: looked up, and reported once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta, timezone

import pytest

from chatkit_tui.deletion import report
from chatkit_tui.deletion.delete import delete_threads
from chatkit_tui.deletion.journal import (
    DeletionJournal,
    JournalAccount,
    PastDeletion,
    ThreadOutcome,
)
from chatkit_tui.deletion.report import describe_deletion, look_up, report_unreported
from chatkit_tui.errors import (
    APIConnectionError,
    NotFoundError,
)
from chatkit_tui.models.threads import ThreadDeleted
from chatkit_tui.sources.base import Deletion, Outcome
from tests.deletion.test_delete import HERE, Account
from tests.deletion.test_delete import journal as journal


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


async def test_a_thread_that_may_be_another_users_is_not_reported_as_deleted(
    journal: DeletionJournal,
) -> None:
    await cut_short(journal, "a", at="a")
    [line] = await report_unreported(journal, gone, shows_all=False)
    assert "1 not known" in line


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
