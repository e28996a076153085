"""`sessions create` and `sessions cancel`."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chatkit_tui.cli.sessions import FIELD_OPTIONS
from chatkit_tui.emulator import Emulator
from chatkit_tui.sessions.form import SESSION_FIELDS
from chatkit_tui.sessions.history import SessionHistory, SessionRecord
from tests.cli.conftest import Command
from tests.cli.test_streams import run_to

NEEDED = ("--user", "ada", "--workflow", "wf_support")


def sent(emulator: Emulator) -> Any:
    """The body of the last request."""
    return json.loads(emulator.requests[-1].body)


def test_every_field_of_a_session_has_an_option() -> None:
    assert list(FIELD_OPTIONS) == [field.path for field in SESSION_FIELDS]


def test_omitted_fields_are_not_sent(chatkit: Command, address: str, emulator: Emulator) -> None:
    assert chatkit("sessions", "create", *NEEDED).code == 0
    assert sent(emulator) == {"user": "ada", "workflow": {"id": "wf_support"}}


def test_every_option_arrives_in_its_field(
    chatkit: Command, address: str, emulator: Emulator
) -> None:
    ended = chatkit(
        *("sessions", "create", *NEEDED, "--version", "2", "--state", "plan=pro"),
        *("--state", "seats=12", "--state", "trial=false", "--state", "note=a = b\nc"),
        *("--no-tracing", "--expires", "60", "--rate", "5", "--no-titling", "--uploads"),
        *("--max-file-size", "20", "--max-files", "3", "--history", "--recent-threads", "4"),
    )
    assert ended.code == 0, ended.errors
    assert sent(emulator) == {
        "user": "ada",
        "workflow": {
            "id": "wf_support",
            "version": "2",
            "state_variables": {"plan": "pro", "seats": 12, "trial": False, "note": "a = b\nc"},
            "tracing": {"enabled": False},
        },
        "expires_after": {"anchor": "created_at", "seconds": 60},
        "rate_limits": {"max_requests_per_1_minute": 5},
        "chatkit_configuration": {
            "automatic_thread_titling": {"enabled": False},
            "file_upload": {"enabled": True, "max_file_size": 20, "max_files": 3},
            "history": {"enabled": True, "recent_threads": 4},
        },
    }


@pytest.mark.parametrize(
    ("arguments", "option"),
    [
        (("--expires", "601"), "--expires"),
        (("--rate", "0"), "--rate"),
        (("--max-file-size", "513"), "--max-file-size"),
        (("--max-files", "many"), "--max-files"),
        (("--state", "no value"), "--state"),
        (("--user", ""), "--user"),
    ],
)
def test_invalid_fields_are_never_sent(
    chatkit: Command, address: str, emulator: Emulator, arguments: tuple[str, ...], option: str
) -> None:
    ended = chatkit("sessions", "create", *NEEDED, *arguments)
    assert ended.code == 2
    assert option in ended.errors
    assert not emulator.requests


def test_all_that_is_wrong_is_reported_at_once(
    chatkit: Command, address: str, emulator: Emulator
) -> None:
    ended = chatkit(
        *("sessions", "create", "--user", "", "--expires", "601", "--rate", "often"),
        *("--max-files", "9" * 5_000),
    )
    assert ended.code == 2
    for option in ("--user", "--workflow", "--expires", "--rate", "--max-files"):
        assert f"{option}:" in ended.errors
    assert len(ended.errors.splitlines()) == 1
    assert not emulator.requests


@pytest.mark.parametrize(
    ("where", "form"),
    [("|", ()), ("/dev/full", ()), ("/dev/full", ("--json",)), (">&-", ("--json",))],
)
def test_a_session_whose_output_is_lost_is_remembered_and_reported(
    address: str, where: str, form: tuple[str, ...]
) -> None:
    done = run_to(where, "sessions", "create", *NEEDED, *form)
    [record] = SessionHistory().all()
    assert done.returncode == 1
    assert f"Session {record.id} was created; its output could not be written." in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_cancellation_whose_output_is_lost_is_remembered_and_reported(
    chatkit: Command, address: str
) -> None:
    made = json.loads(chatkit("sessions", "create", *NEEDED, "--json").output)
    done = run_to("/dev/full", "sessions", "cancel", made["id"])
    assert done.returncode == 1
    assert f"Session {made['id']} was cancelled" in done.stderr
    assert SessionHistory().all()[0].status == "cancelled"


@pytest.mark.parametrize("fault", ["server-error", "request-timeout", "overloaded"])
def test_a_session_of_a_failed_server_is_not_reported_as_not_created(
    chatkit: Command, address: str, emulator: Emulator, fault: str
) -> None:
    emulator.faults = (fault,)
    ended = chatkit("sessions", "create", *NEEDED)
    assert ended.code == 1
    assert "not known whether the session was made" in ended.errors
    assert len(emulator.requests) == 1


def test_json_has_the_client_secret(chatkit: Command, address: str) -> None:
    made = json.loads(chatkit("sessions", "create", *NEEDED, "--json").output)
    assert made["object"] == "chatkit.session"
    assert made["client_secret"]


def test_text_masks_the_client_secret(chatkit: Command, address: str) -> None:
    [line] = [
        line
        for line in chatkit("sessions", "create", *NEEDED).output.splitlines()
        if line.startswith("client secret")
    ]
    assert "••••" in line


def test_the_client_secret_is_shown_with_the_option(chatkit: Command, address: str) -> None:
    assert "••••" not in chatkit("sessions", "create", *NEEDED, "--show-secret").output


def test_a_session_can_be_cancelled(chatkit: Command, address: str) -> None:
    made = json.loads(chatkit("sessions", "create", *NEEDED, "--json").output)
    cancelled = chatkit("sessions", "cancel", made["id"], "--json")
    assert cancelled.code == 0
    assert json.loads(cancelled.output)["status"] == "cancelled"


@pytest.mark.parametrize(
    "arguments", [("create", *NEEDED), ("cancel", "cksess_1")], ids=["create", "cancel"]
)
def test_read_only_mode_rejects_changes(
    chatkit: Command, address: str, emulator: Emulator, arguments: tuple[str, ...]
) -> None:
    assert chatkit("--read-only", "sessions", *arguments).code == 2
    assert not emulator.requests


def test_an_unknown_workflow_is_not_found(chatkit: Command, address: str) -> None:
    ended = chatkit("sessions", "create", "--user", "ada", "--workflow", "wf_none")
    assert ended.code == 4


def test_the_sessions_made_from_here_can_be_listed(chatkit: Command, address: str) -> None:
    made = [json.loads(chatkit("sessions", "create", *NEEDED, "--json").output) for _ in range(2)]
    chatkit("sessions", "cancel", made[0]["id"])
    ended = chatkit("sessions", "list", "--json")
    listed = json.loads(ended.output)
    assert (listed["object"], listed["has_more"]) == ("list", False)
    assert [row["id"] for row in listed["data"]] == [made[1]["id"], made[0]["id"]]
    assert (listed["first_id"], listed["last_id"]) == (made[1]["id"], made[0]["id"])
    fields = ["id", "user", "workflow", "status", "created_at", "expires_at", "host"]
    assert all(list(row) == fields for row in listed["data"])
    assert [row["status"] for row in listed["data"]] == ["active", "cancelled"]
    assert listed["data"][0]["expires_at"] == made[1]["expires_at"]
    for session in made:
        assert session["client_secret"] not in ended.output
    rows = [line.split("\t") for line in chatkit("sessions", "list").output.splitlines()]
    assert [row[:4] for row in rows] == [
        [made[1]["id"], "active", "ada", "wf_support"],
        [made[0]["id"], "cancelled", "ada", "wf_support"],
    ]
    assert all(len(row) == 7 for row in rows)


def test_no_sessions_are_an_empty_list_and_need_no_key(chatkit: Command) -> None:
    assert json.loads(chatkit("sessions", "list", "--json").output)["data"] == []
    ended = chatkit("sessions", "list")
    assert (ended.code, ended.output) == (0, "")
    assert "none" in ended.errors


def test_unusual_values_of_sessions_cannot_control_a_terminal(chatkit: Command) -> None:
    register = SessionHistory()
    for seconds in (-1, 0, 10**30):
        register.add(
            SessionRecord(f"a\r\x1b{seconds}", "b\n", "c\t", seconds, seconds, "h", "\x9b")
        )
    rows = [line.split("\t") for line in chatkit("sessions", "list").output.splitlines()]
    assert [row[0] for row in rows] == [f"a␍␛{seconds}" for seconds in (10**30, 0, -1)]
    assert all(len(row) == 7 for row in rows)
    assert rows[0][4:6] == ["unknown", "unknown"]


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_an_old_list_with_keys_in_it_is_written_without_them(
    chatkit: Command, form: tuple[str, ...]
) -> None:
    keys = [f"sk-proj-0ld5ecret{number}" for number in range(5)]
    record = SessionRecord(keys[0], keys[1], keys[2], None, 0, keys[3], keys[4])
    SessionHistory().path.parent.mkdir(parents=True)
    SessionHistory().path.write_text(json.dumps(record._asdict()) + "\n")
    output = chatkit("sessions", "list", *form).output
    ids_at_the_ends = 2 if form else 0
    assert output.count("sk-[redacted]") == len(keys) + ids_at_the_ends
    assert "0ld5ecret" not in output


def test_a_list_of_sessions_that_cannot_be_read_is_a_failure(chatkit: Command) -> None:
    SessionHistory().path.mkdir(parents=True)
    ended = chatkit("sessions", "list", "--json")
    assert (ended.code, ended.output) == (1, "")
    assert "cannot be read" in ended.errors
