from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.emulator.library import Identifiers
from chatkit_tui.models.timestamps import time_of_id

IDS = Identifiers("cti", "a thread")


@given(seconds=st.integers(0, 2**32 - 1), number=st.integers(0, 2**48 - 1))
def test_an_id_contains_its_time_and_its_row(seconds: int, number: int) -> None:
    identifier = IDS.make(seconds, number)
    assert IDS.number(identifier) == number
    moment = time_of_id(identifier)
    assert moment is not None
    assert moment.seconds == seconds


def test_two_lists_share_no_id() -> None:
    assert IDS.make(1, 1) != Identifiers("cti", "another thread").make(1, 1)


@given(st.text())
def test_any_other_text_is_no_row(text: str) -> None:
    assert IDS.number(text) is None


def test_an_id_of_another_kind_is_no_row() -> None:
    assert IDS.number(Identifiers("cthr", "a thread").make(1, 1)) is None
