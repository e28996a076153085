"""`threads delete`: the question, rejections, and the result of each thread."""

from __future__ import annotations

import pytest

from chatkit_tui.emulator import Emulator
from tests.cli.conftest import Command
from tests.fork_server import Program
from tests.piped import run_into
from tests.pty_terminal import Terminal


def deletions(emulator: Emulator) -> list[str]:
    """The paths of the requested deletions."""
    return [request.path for request in emulator.requests if request.method == "DELETE"]


def test_each_thread_has_a_line_with_its_result(chatkit: Command, thread_ids: list[str]) -> None:
    ended = chatkit("threads", "delete", "--yes", *thread_ids[:2])
    assert ended.code == 0
    assert ended.output.splitlines() == [f"{name}\tdeleted" for name in thread_ids[:2]]
    assert chatkit("threads", "show", thread_ids[0]).code == 4


def test_without_yes_and_a_terminal_the_command_is_rejected(
    chatkit: Command, emulator: Emulator, thread_ids: list[str]
) -> None:
    ended = chatkit("threads", "delete", thread_ids[0])
    assert ended.code == 2
    assert "--yes" in ended.errors
    assert deletions(emulator) == []


@pytest.mark.parametrize("before", [True, False])
def test_read_only_mode_rejects_changes(
    chatkit: Command, emulator: Emulator, thread_ids: list[str], before: bool
) -> None:
    command = ["threads", "delete", "--yes", thread_ids[0]]
    ended = chatkit(*(["--read-only", *command] if before else [*command, "--read-only"]))
    assert ended.code == 2
    assert "ead-only" in ended.errors
    assert deletions(emulator) == []


def test_a_dry_run_names_what_would_go_and_deletes_nothing(
    chatkit: Command, emulator: Emulator, thread_ids: list[str]
) -> None:
    ended = chatkit("threads", "delete", "--dry-run", thread_ids[0])
    assert ended.code == 0
    assert thread_ids[0] in ended.output
    assert "user" in ended.output
    assert deletions(emulator) == []


def test_a_dry_run_of_a_thread_that_does_not_exist_says_so(
    chatkit: Command, thread_ids: list[str]
) -> None:
    ended = chatkit("threads", "delete", "--dry-run", thread_ids[0], "cthr_nowhere")
    assert ended.code == 4
    assert "cthr_nowhere\tnot found" in ended.output


def test_a_failure_does_not_stop_the_rest(chatkit: Command, thread_ids: list[str]) -> None:
    ended = chatkit("threads", "delete", "--yes", "cthr_nowhere", thread_ids[0])
    assert ended.code == 1
    assert [line.split("\t")[1] for line in ended.output.splitlines()] == ["failed", "deleted"]


def test_threads_that_are_all_gone_are_not_found(chatkit: Command, address: str) -> None:
    assert chatkit("threads", "delete", "--yes", "cthr_a", "cthr_b").code == 4


def test_a_rejected_key_stops_the_rest(
    chatkit: Command, emulator: Emulator, thread_ids: list[str]
) -> None:
    emulator.faults = ("unauthorized@threads.delete",)
    ended = chatkit("threads", "delete", "--yes", *thread_ids[:3])
    assert ended.code == 3
    assert [line.split("\t")[1] for line in ended.output.splitlines()] == [
        "failed",
        "not tried",
        "not tried",
    ]
    assert len(deletions(emulator)) == 1


@pytest.mark.parametrize(("fault", "code"), [("unauthorized", 3), ("rate-limit-long", 1)])
def test_a_dry_run_has_a_row_for_each_thread_after_any_error(
    chatkit: Command, emulator: Emulator, thread_ids: list[str], fault: str, code: int
) -> None:
    emulator.faults = (f"{fault}@threads.retrieve",)
    ended = chatkit("threads", "delete", "--dry-run", *thread_ids[:3])
    assert ended.code == code
    assert [line.split("\t")[:2] for line in ended.output.splitlines()] == [
        [thread_ids[0], "failed"],
        [thread_ids[1], "not tried"],
        [thread_ids[2], "not tried"],
    ]


def test_a_long_wait_stops_the_rest(
    chatkit: Command, emulator: Emulator, thread_ids: list[str]
) -> None:
    emulator.faults = ("rate-limit-long@threads.delete",)
    ended = chatkit("threads", "delete", "--yes", *thread_ids[:3])
    assert ended.code == 1
    assert len(deletions(emulator)) == 1
    assert ended.errors == "chatkit-tui: 0 of 3 deleted; 1 not deleted, 2 left alone.\n"


def test_a_failure_has_the_request_id(
    chatkit: Command, emulator: Emulator, thread_ids: list[str]
) -> None:
    ended = chatkit("threads", "delete", "--yes", "cthr_nowhere", thread_ids[0])
    assert "(request req_" in ended.output.splitlines()[0]
    assert ended.errors == "chatkit-tui: 1 of 2 deleted; 1 not deleted.\n"


def test_the_summary_does_not_count_unknown_outcomes_as_failures(
    chatkit: Command, emulator: Emulator, thread_ids: list[str]
) -> None:
    emulator.faults = ("delete-accepted@threads.delete",)
    ended = chatkit("threads", "delete", "--yes", thread_ids[0])
    assert ended.errors == "chatkit-tui: 0 of 1 deleted; 1 not known.\n"


def test_an_empty_id_among_others_is_wrong_usage(
    chatkit: Command, emulator: Emulator, thread_ids: list[str]
) -> None:
    ended = chatkit("threads", "delete", "--yes", thread_ids[0], "")
    assert ended.code == 2
    assert deletions(emulator) == []


def test_a_result_that_cannot_be_written_stops_the_rest(
    emulator: Emulator, thread_ids: list[str]
) -> None:
    done = run_into("/dev/full", "threads", "delete", "--yes", *thread_ids[:3])
    assert done.returncode == 1
    assert f"1 of 3 deleted, the last one {thread_ids[0]}" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert len(deletions(emulator)) == 1


def asking(address: str, *arguments: str) -> Terminal:
    """`threads delete` on a terminal."""
    return Terminal(
        Program(["threads", "delete", *arguments]),
        columns=120,
        environment={"OPENAI_BASE_URL": address, "OPENAI_API_KEY": "sk-demo-not-a-real-key"},
    )


def test_only_yes_deletes(emulator: Emulator, address: str, thread_ids: list[str]) -> None:
    with asking(address, thread_ids[0]) as terminal:
        terminal.wait_for("[y/N]")
        terminal.send("\r")
        assert terminal.exit_code() == 1
    assert deletions(emulator) == []


def test_it_names_title_user_and_age_and_yes_deletes_that(
    chatkit: Command, emulator: Emulator, address: str, thread_ids: list[str]
) -> None:
    *_, title = chatkit("threads", "list", "--limit", "1").output.rstrip("\n").split("\t")
    with asking(address, thread_ids[0]) as terminal:
        terminal.wait_for("[y/N]")
        screen = "\n".join(terminal.screen())
        assert "Nothing brings them back" in screen
        assert title in screen
        assert "user" in screen
        assert "old" in screen
        terminal.send("y\r")
        terminal.wait_for("deleted")
        assert terminal.exit_code() == 0
    assert len(deletions(emulator)) == 1


@pytest.mark.parametrize("typed", ["y\r" * 50, "\r", "y"])
def test_input_before_the_question_is_not_an_answer(
    emulator: Emulator, address: str, thread_ids: list[str], typed: str
) -> None:
    with asking(address, thread_ids[0]) as terminal:
        terminal.send(typed)
        terminal.wait_for("[y/N]")
        terminal.rest(0.1)
        assert deletions(emulator) == []
        terminal.send("y\r")
        terminal.wait_for("deleted")
        assert terminal.exit_code() == 0
    assert len(deletions(emulator)) == 1


def test_a_rejected_key_is_reported_before_anything_is_asked(
    emulator: Emulator, address: str, thread_ids: list[str]
) -> None:
    emulator.faults = ("unauthorized@threads.retrieve",)
    with asking(address, *thread_ids[:2]) as terminal:
        terminal.wait_for("Nothing was deleted.")
        assert terminal.exit_code() == 3
        assert "not tried" in "\n".join(terminal.screen())


def test_ctrl_c_at_the_question_leaves_with_130(
    emulator: Emulator, address: str, thread_ids: list[str]
) -> None:
    with asking(address, thread_ids[0]) as terminal:
        terminal.wait_for("[y/N]")
        terminal.rest()  # until it reads what is typed
        terminal.send("\x03")
        assert terminal.exit_code() == 130
    assert deletions(emulator) == []
