"""`chatkit-tui emulator` responds on loopback until it is stopped."""

from __future__ import annotations

import re
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from click.testing import CliRunner

from chatkit_tui.cli.emulator import emulator_command
from chatkit_tui.emulator import DEMO_KEY
from chatkit_tui.emulator.faults import FAULTS
from tests.fork_server import Program
from tests.piped import Piped


@contextmanager
def running(*arguments: str) -> Iterator[tuple[Piped, str]]:
    """The command as it runs, and its first line of output."""
    with Piped(Program(["emulator", "--port", "0", *arguments])) as program:
        yield program, program.stdout.readline().decode()


def base_url(line: str) -> str:
    found = re.search(r"OPENAI_BASE_URL=(\S+)", line)
    assert found is not None
    return found[1]


def test_the_first_line_names_the_variables_to_set() -> None:
    with running("--threads", "1000000", "--items", "12") as (_, line):
        assert f"OPENAI_API_KEY={DEMO_KEY}" in line
        url = base_url(line)
        assert url.startswith("http://127.0.0.1:")
        headers = {"authorization": f"Bearer {DEMO_KEY}", "openai-beta": "chatkit_beta=v1"}
        answer = httpx.get(f"{url}/chatkit/threads", headers=headers)
        assert answer.json()["has_more"] is True


def test_it_serves_the_protocol_of_a_self_hosted_server() -> None:
    with running("--protocol", "server", "--token", "open-sesame") as (_, line):
        found = re.search(r"chatkit-tui --server (\S+)", line)
        assert found is not None
        body = {"type": "threads.list", "params": {"limit": 1}}
        assert httpx.post(found[1], json=body).status_code == 401
        answer = httpx.post(found[1], json=body, headers={"authorization": "Bearer open-sesame"})
        assert answer.json()["has_more"] is True


@pytest.mark.parametrize(
    "options", [("--protocol", "server", "--fault", "stall"), ("--token", "open-sesame")]
)
def test_options_of_the_other_protocol_are_refused(options: tuple[str, ...]) -> None:
    result = CliRunner().invoke(emulator_command, options)
    assert result.exit_code == 2
    assert "alone" in result.output


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_well_when_reported_to(ending: signal.Signals) -> None:
    with running() as (program, _):
        program.send_signal(ending)
        ended = program.end()
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


def test_it_ends_while_a_request_has_no_response() -> None:
    with running("--fault", "stall") as (program, line):
        headers = {"authorization": f"Bearer {DEMO_KEY}"}
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(f"{base_url(line)}/chatkit/threads", headers=headers, timeout=0.1)
        program.send_signal(signal.SIGTERM)
        ended = program.end()
    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_port_in_use_is_reported_in_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        result = CliRunner().invoke(emulator_command, ["--port", port])
    assert result.exit_code == 1
    assert result.output.count("\n") == 1
    assert port in result.output
    assert "--port 0" in result.output


def test_a_fault_that_does_not_exist_is_wrong_usage() -> None:
    result = CliRunner().invoke(emulator_command, ["--fault", "gremlins"])
    assert result.exit_code == 2
    assert "gremlins" in result.output


def test_every_fault_is_listed_with_its_effect() -> None:
    result = CliRunner().invoke(emulator_command, ["--list-faults"])
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert [line.split()[0] for line in lines] == list(FAULTS)
    assert all(
        line.endswith(fault.summary) for line, fault in zip(lines, FAULTS.values(), strict=True)
    )
