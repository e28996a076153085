"""What `make test-fast` leaves out follows from what a test uses."""

from __future__ import annotations

import pty
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests import markers, pty_terminal
from tests.ui.conftest import Start
from tests.ui.conftest import start as start


def _helper() -> None:
    subprocess.run([sys.executable, "--version"], check=True)  # ours


@contextmanager
def _block() -> Iterator[None]:
    _helper()
    yield


def _in_a_block() -> None:
    with _block():
        pass


def _on_a_terminal() -> None:
    def inner() -> pty_terminal.Terminal:
        return pty_terminal.Terminal(["true"])

    inner()


class _Holder:
    def start(self) -> None:
        _helper()


def _through_a_class() -> None:
    _Holder().start()


class _DerivedHolder(_Holder):
    pass


def _through_a_derived_class() -> None:
    _DerivedHolder().start()


def _nothing() -> None:
    sys.stdout.write("subprocess")


@pytest.mark.parametrize(
    "function",
    [_helper, _in_a_block, _on_a_terminal, _through_a_class, _through_a_derived_class],
)
def test_who_starts_a_program_is_found_through_helpers(function: Callable[[], None]) -> None:
    assert subprocess.run in markers.used_by(function) or pty in markers.used_by(function)


def test_who_starts_none_is_not_found() -> None:
    assert subprocess not in markers.used_by(_nothing)


@pytest.fixture
def version() -> str:
    """The version of Python, from a program."""
    return subprocess.check_output([sys.executable, "--version"], text=True)  # ours


def test_the_fixtures_of_a_test_count(version: str, request: pytest.FixtureRequest) -> None:
    assert version.startswith("Python")
    assert request.node.get_closest_marker("pty")
    assert not request.node.get_closest_marker("slow")


def test_the_whole_app_is_slow(start: Start, request: pytest.FixtureRequest) -> None:
    assert request.node.get_closest_marker("slow")
    assert not request.node.get_closest_marker("pty")
