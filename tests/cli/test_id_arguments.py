"""Ids on the command line and on standard input: stripped, checked and sent."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatkit_tui.cli import id_arguments
from chatkit_tui.deletion.journal import DeletionJournal, JournalAccount
from chatkit_tui.emulator import Emulator
from tests.cli.conftest import Command
from tests.cli.test_delete import deletions
from tests.piped import run
from tests.pty_terminal import Terminal

LOG = "https://platform.openai.com/logs/"


@pytest.fixture
def give(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[[bytes], None]]:
    """Make these bytes standard input."""
    path = tmp_path / "ids"
    with ExitStack() as opened:

        def give_bytes(data: bytes) -> None:
            path.write_bytes(data)
            file = opened.enter_context(path.open(encoding="utf-8"))
            monkeypatch.setattr(sys, "stdin", file)

        yield give_bytes


def paths(emulator: Emulator) -> list[str]:
    """The requested paths."""
    return [unquote(request.path) for request in emulator.requests]


# -- on the command line ---------------------------------------------------------------------------

AROUND = ["{}\r", " {}\n", '"{}"', "'{}'", "{},", '"{}",\r\n', "<{}>", LOG + "{}?tab=items"]


@pytest.mark.parametrize("command", [("show", "--json"), ("items",), ("delete", "--yes")])
def test_text_around_an_id_is_not_sent(
    chatkit: Command, emulator: Emulator, thread_ids: list[str], command: tuple[str, ...]
) -> None:
    for thread_id, form in zip(thread_ids, AROUND, strict=False):
        emulator.requests.clear()
        ended = chatkit("threads", *command, form.format(thread_id))
        assert ended.code == 0, ended.errors
        assert all(f"/threads/{thread_id}" in path for path in paths(emulator))
        assert "\r" not in ended.output


def test_the_journal_has_the_id_that_was_sent(chatkit: Command, thread_ids: list[str]) -> None:
    chatkit("threads", "delete", "--yes", f'"{thread_ids[0]}",\r')
    [past] = DeletionJournal(JournalAccount("")).all()
    assert list(past.outcomes) == [thread_ids[0]]


def test_two_forms_of_one_id_are_one_thread(
    chatkit: Command, emulator: Emulator, thread_ids: list[str]
) -> None:
    ended = chatkit("threads", "delete", "--yes", thread_ids[0], f"{thread_ids[0]}\r")
    assert (ended.code, ended.output) == (0, f"{thread_ids[0]}\tdeleted\n")
    assert len(deletions(emulator)) == 1


def test_exact_ids_are_sent_as_they_are(chatkit: Command, address: str, emulator: Emulator) -> None:
    ids = [' "a", ', "a b", "a,", "'a'", LOG + "cthr_1", "ü/%2e?#", "-x"]
    assert chatkit("threads", "show", "--exact", "--", *ids).code == 4
    assert paths(emulator) == [f"/v1/chatkit/threads/{id_}" for id_ in ids]


CONTROLS = ("cthr_1\rcthr_2", "a\nb", "a\tb", "a\x1b[2J", "a\x9bb", "a\x7f", "\x01b")


@pytest.mark.parametrize("exact", [(), ("--exact",)], ids=["read", "exact"])
@pytest.mark.parametrize(
    "command",
    [
        ("threads", "show"),
        ("threads", "items"),
        ("threads", "delete", "--yes"),
        ("sessions", "cancel"),
    ],
    ids=" ".join,
)
def test_an_invalid_id_is_rejected_before_a_request(
    chatkit: Command,
    address: str,
    emulator: Emulator,
    command: tuple[str, ...],
    exact: tuple[str, ...],
) -> None:
    for id_ in (*CONTROLS, "..", "", " ", "x" * 4_097):
        ended = chatkit(*command, *exact, "--", "cthr_good", id_)
        assert (ended.code, ended.output) == (2, "")
        assert len(ended.errors.splitlines()) == 1
        assert ended.errors.rstrip("\n").isprintable()
    assert not emulator.requests


def test_a_control_character_is_shown(chatkit: Command, address: str) -> None:
    assert "a␍b" in chatkit("threads", "show", "a\rb").errors
    assert "a␛b" in chatkit("threads", "delete", "--exact", "--yes", "a\x1bb").errors


def test_an_exact_id_keeps_its_cr_and_is_rejected(
    chatkit: Command, address: str, emulator: Emulator
) -> None:
    ended = chatkit("threads", "show", "--exact", "cthr_1\r")
    assert ended.code == 2
    assert "cthr_1␍" in ended.errors
    assert not emulator.requests


def test_bytes_that_are_not_utf_8_are_rejected(address: str, emulator: Emulator) -> None:
    done = subprocess.run(  # noqa: S603 # ours
        [*(sys.executable, "-m", "chatkit_tui", "threads", "show"), b"cthr_\xe9"],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2
    assert not emulator.requests


# -- users -----------------------------------------------------------------------------------------


def test_a_user_is_never_changed(chatkit: Command, address: str, emulator: Emulator) -> None:
    for user in (" ada ", '"ada"', "ada,", "<ada>", "\u00a0ada", LOG + "cthr_1"):
        chatkit("threads", "list", "--user", user)
        assert emulator.requests[-1].query["user"] == user
        chatkit("sessions", "create", "--workflow", "wf_support", "--user", user)
        assert json.loads(emulator.requests[-1].body)["user"] == user


@pytest.mark.parametrize(
    "command",
    [("threads", "list"), ("sessions", "create", "--workflow", "wf_support")],
    ids=["list", "create"],
)
def test_a_user_with_a_control_character_is_rejected(
    chatkit: Command, address: str, emulator: Emulator, command: tuple[str, ...]
) -> None:
    for user in ("ada\r", "a\x1b[mda", "ada\n", "a\x85"):
        ended = chatkit(*command, "--user", user)
        assert ended.code == 2
        assert "control character" in ended.errors
    assert not emulator.requests


@pytest.mark.parametrize(
    ("given", "exact", "sent"),
    [('"wf_support",\r', (), "wf_support"), ('"wf_a"', ("--exact",), '"wf_a"')],
)
def test_a_workflow_is_an_id(
    chatkit: Command,
    address: str,
    emulator: Emulator,
    given: str,
    exact: tuple[str, ...],
    sent: str,
) -> None:
    chatkit("sessions", "create", "--user", "ada", "--workflow", given, *exact)
    assert json.loads(emulator.requests[-1].body)["workflow"]["id"] == sent


# -- items and sessions ----------------------------------------------------------------------------


def test_the_thread_of_an_item_is_found(chatkit: Command, thread_ids: list[str]) -> None:
    item = chatkit("threads", "items", thread_ids[1], "--limit", "1").output.split("\t")[0]
    shown = chatkit("threads", "show", item, "--json")
    assert json.loads(shown.output)["id"] == thread_ids[1]
    assert "searching all threads" in shown.errors
    assert chatkit("threads", "items", item).output.startswith(f"{item}\t")


def test_an_item_of_no_thread_is_not_found(
    chatkit: Command, address: str, emulator: Emulator
) -> None:
    emulator.faults = ("not-found@threads.list_items",)
    ended = chatkit("threads", "show", "cti_nowhere")
    assert ended.code == 4
    assert "No thread has cti_nowhere." in ended.errors


def test_a_thread_that_cannot_be_listed_is_named_when_an_item_is_not_found(
    chatkit: Command, address: str, emulator: Emulator, thread_ids: list[str]
) -> None:
    emulator.faults = ("retry-never:1@threads.list_items",)
    ended = chatkit("threads", "show", "cti_nowhere")
    assert ended.code == 4
    assert f"{thread_ids[0]} was skipped: " in ended.errors
    assert "No thread that could be listed has cti_nowhere." in ended.errors


def test_no_thread_is_deleted_by_the_id_of_an_item(
    chatkit: Command, address: str, emulator: Emulator
) -> None:
    ended = chatkit("threads", "delete", "--yes", "cthr_1", "cti_68a1f3c2")
    assert ended.code == 2
    assert "threads show cti_68a1f3c2" in ended.errors
    assert not emulator.requests
    chatkit("threads", "delete", "--yes", "--exact", "cti_68a1f3c2")
    assert paths(emulator)[-1].endswith("/cti_68a1f3c2")


def test_several_sessions_can_be_cancelled_in_any_form(
    chatkit: Command, address: str, emulator: Emulator
) -> None:
    create = ("sessions", "create", "--user", "ada", "--workflow", "wf_support", "--json")
    ids = [json.loads(chatkit(*create).output)["id"] for _ in range(2)]
    link = f"{address}/chatkit/sessions/{ids[1]}/cancel"
    ended = chatkit("sessions", "cancel", f"{ids[0]}\r", "cksess_none", link)
    assert ended.code == 1
    assert [f"id\t{name}" in ended.output for name in ids] == [True, True]
    assert "cksess_none" in ended.errors


# -- several ---------------------------------------------------------------------------------------


def test_one_error_does_not_stop_the_rest(chatkit: Command, thread_ids: list[str]) -> None:
    ended = chatkit("threads", "show", "--json", thread_ids[0], "cthr_none", thread_ids[1])
    assert ended.code == 1
    assert [json.loads(line)["id"] for line in ended.output.splitlines()] == thread_ids[:2]
    assert "cthr_none" in ended.errors


def test_errors_of_one_kind_have_their_exit_code(chatkit: Command, address: str) -> None:
    assert chatkit("threads", "items", "cthr_a", "cthr_b").code == 4


def test_a_rejected_key_stops_the_rest(
    chatkit: Command, emulator: Emulator, thread_ids: list[str]
) -> None:
    emulator.faults = ("unauthorized",)
    emulator.requests.clear()
    ended = chatkit("threads", "show", *thread_ids[:3])
    assert ended.code == 3
    assert "2 of 3 not tried" in ended.errors
    assert len(emulator.requests) == 1


# -- standard input --------------------------------------------------------------------------------


def test_ids_come_from_standard_input(
    chatkit: Command,
    emulator: Emulator,
    thread_ids: list[str],
    give: Callable[[bytes], None],
) -> None:
    first, second, third = thread_ids[:3]
    give(f'\ufeff{first}\r\n\r\n  \n"{second}",\n{LOG}{third}'.encode())
    ended = chatkit("threads", "delete", "--yes", "-")
    assert ended.output.splitlines() == [f"{name}\tdeleted" for name in thread_ids[:3]]
    assert len(deletions(emulator)) == 3


@pytest.mark.parametrize("command", ["show", "items", "delete"])
def test_no_ids_are_no_error(
    chatkit: Command,
    address: str,
    emulator: Emulator,
    give: Callable[[bytes], None],
    command: str,
) -> None:
    for data in (b"", b"\n", b" \r\n\t\n", b"\xef\xbb\xbf"):
        give(data)
        ended = chatkit("threads", command, "-")
        assert (ended.code, ended.output) == (0, "")
        assert ended.errors == "chatkit-tui: no ids on standard input\n"
    assert not emulator.requests


def test_a_line_that_cannot_be_an_id_is_named_by_its_number(
    chatkit: Command, address: str, emulator: Emulator, give: Callable[[bytes], None]
) -> None:
    for data, number in (
        (b"cthr_1\n\ncthr_2\x1b\ncthr_3\n", 3),
        (b"cthr_1\rcthr_2\r", 1),
        (b"cthr_1\n\xff\xfec\x00", 2),
        (b"cthr_1\ncthr_1\x00\n", 2),
        (b'cthr_1\n""\n', 2),
        (b"cthr_1\n..\n", 2),
        (b"cthr_1\n" + b"x" * 4_097, 2),
        (b"cthr_1\n" + b"x" * 5_000_000, 2),
        (b"cthr_1\tactive\tada\t-\ttitle\n", 1),
    ):
        give(data)
        ended = chatkit("threads", "delete", "--yes", "-")
        assert ended.code == 2
        assert f"line {number} of standard input" in ended.errors
        assert len(ended.errors) < 400
    assert not emulator.requests


@pytest.mark.parametrize("data", [b"cthr_1\n" * 1_001, b" \n" * 60_000], ids=["ids", "bytes"])
def test_standard_input_is_bounded(
    chatkit: Command,
    address: str,
    emulator: Emulator,
    give: Callable[[bytes], None],
    monkeypatch: pytest.MonkeyPatch,
    data: bytes,
) -> None:
    assert (id_arguments.MOST_IDS, id_arguments.MOST_BYTES) == (100_000, 32 << 20)
    monkeypatch.setattr(id_arguments, "MOST_IDS", 1_000)
    monkeypatch.setattr(id_arguments, "MOST_BYTES", 100_000)
    give(data)
    ended = chatkit("threads", "delete", "--yes", "-")
    assert ended.code == 2
    assert "standard input has more than" in ended.errors
    assert not emulator.requests


def test_standard_input_is_read_once(chatkit: Command, give: Callable[[bytes], None]) -> None:
    give(b"a\n")
    ended = chatkit("--demo", "threads", "show", "-", "-")
    assert ended.code == 2
    assert "once" in ended.errors


def test_exact_lines_keep_all_but_their_end(
    chatkit: Command, address: str, emulator: Emulator, give: Callable[[bytes], None]
) -> None:
    give(b' "a", \n')
    assert chatkit("threads", "show", "--exact", "-").code == 4
    assert paths(emulator) == ['/v1/chatkit/threads/ "a", ']


PARTS = st.sampled_from([b"cthr_1", b"\r", b"\n", b'"', b",", b"://"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60) | st.lists(PARTS).map(b"".join))
def test_no_bytes_on_standard_input_make_it_crash(
    chatkit: Command, give: Callable[[bytes], None], data: bytes
) -> None:
    give(data)
    ended = chatkit("--demo", "--read-only", "threads", "delete", "--yes", "-")
    assert ended.code in (0, 2)
    assert "crashed" not in ended.errors


@pytest.mark.parametrize("where", ["<&-", "0> /dev/null"])
def test_standard_input_that_cannot_be_read_is_reported_in_one_line(where: str) -> None:
    done = subprocess.run(  # noqa: S603 # ours
        [
            *("bash", "-c", f'"$@" {where}', "bash", sys.executable, "-m", "chatkit_tui"),
            *("--demo", "threads", "show", "-"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "tandard input" in done.stderr


# -- asking when standard input has the ids --------------------------------------------------------


def test_without_a_terminal_ids_from_standard_input_need_yes(
    address: str, emulator: Emulator, thread_ids: list[str]
) -> None:
    emulator.requests.clear()
    done = run("threads", "delete", "-", typed=f"{thread_ids[0]}\n")
    assert done.returncode == 2
    assert "--yes" in done.stderr
    assert not emulator.requests


@pytest.mark.parametrize(("answer", "gone"), [("y\r", 2), ("\r", 0)])
def test_ids_from_standard_input_are_confirmed_on_the_terminal(
    emulator: Emulator,
    address: str,
    thread_ids: list[str],
    tmp_path: Path,
    answer: str,
    gone: int,
) -> None:
    ids, log = tmp_path / "ids", tmp_path / "log"
    ids.write_text("\r\n".join(thread_ids[:2]))
    command = f'"$@" threads delete - < {ids} > {log} 2>&1'
    with Terminal(
        ["bash", "-c", command, "bash", sys.executable, "-m", "chatkit_tui"],
        columns=120,
        environment={"OPENAI_BASE_URL": address, "OPENAI_API_KEY": "sk-demo-not-a-real-key"},
    ) as terminal:
        terminal.send("y\r" * 3)  # before it asks: no answer
        terminal.wait_for("[y/N]")
        terminal.rest()
        assert "Delete these 2 threads" in "\n".join(terminal.screen())
        terminal.send(answer)
        assert terminal.exit_code() == (0 if gone else 1)
    assert len(deletions(emulator)) == gone
