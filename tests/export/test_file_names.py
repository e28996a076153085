"""File names are safe and unique on every system, whatever a title or an id contains."""

from __future__ import annotations

import re
import unicodedata

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from chatkit_tui.export.file_names import LONGEST, FileNames, thread_name
from tests.export.threads import thread_row
from tests.hostile.payloads import PAYLOADS
from tests.text.test_sanitize import texts

DEVICE = re.compile(r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?")
IDS = st.text(max_size=12) | st.from_regex(r"\Acthr_[0-9a-zA-Z]{8}\Z")


def without_marks(name: str) -> str:
    """Return a name without the marks that follow a letter."""
    return str(regex.sub(r"(?<=[\p{L}\p{Nd}])[\p{Mn}\p{Mc}]{1,4}", "", name))


def assert_safe(name: str) -> None:
    assert len(name.encode()) <= LONGEST
    assert name == unicodedata.normalize("NFC", name)
    assert all(letter in "-_" or letter.isalnum() for letter in without_marks(name)), name
    assert re.match(r"(\d{4}-\d\d-\d\d|undated)-", name)
    assert not DEVICE.fullmatch(name)
    assert name.encode().decode().isprintable()
    assert not name.endswith((".", " ", "-"))


@given(texts | st.sampled_from(PAYLOADS), IDS)
@example("CON", "cthr_1")
@example("../../etc/passwd", "../..")
@example("a" * 500, "cthr_12345678")
@example("字" * 200, "字" * 10)
@example("e\u0301" * 90 + "\u3164", "\u0000")
@example("", "")
@example("a" + "\u0332" * 50 + "\u034f\u0301\ufe0f_\u0301 \u0301", "")
@example("कि" * 200, "कि")
def test_any_title_and_id_make_a_safe_name(title: str, thread_id: str) -> None:
    assert_safe(thread_name(thread_row(thread_id, title=title)))


@given(st.lists(st.tuples(st.sampled_from(["a", "A", "ﬁ", "fi", "ß", "SS"]), IDS), max_size=8))
@example([("a", "cthr_ABCDEFGH"), ("A", "cthr_abcdefgh"), ("a", "x_ABCDEFGH")])
def test_no_two_threads_share_a_name_on_a_disk_that_folds_case(
    threads: list[tuple[str, str]],
) -> None:
    names = FileNames()
    by_id: dict[str, str] = {}
    for title, thread_id in threads:
        row = thread_row(thread_id or "-", title=title)
        if row.name not in by_id:
            by_id[row.name] = names.name_for(row)
            assert_safe(by_id[row.name])
            assert names.name_for(row) == by_id[row.name]
    assert len({name.casefold() for name in by_id.values()}) == len(by_id)


@pytest.mark.parametrize(
    ("title", "thread_id", "created_at", "name"),
    [
        ("Where is my order?", "cthr_12345678abcdefgh", 1_760_602_640,
         "2025-10-16-Where-is-my-order-abcdefgh"),
        ("Größe / Maße", "cthr_1", None, "undated-Größe-Maße-cthr_1"),
        ("", "cthr_1", 1_760_602_640, "2025-10-16-untitled-cthr_1"),
        ("मेरा ऑर्डर कहाँ है?", "cthr_1", None, "undated-मेरा-ऑर्डर-कहाँ-है-cthr_1"),
        ("أُرِيدُ طَلَبِي", "cthr_1", None, "undated-أُرِيدُ-طَلَبِي-cthr_1"),
        ("\u202e\x1b[31m", "cthr_1", 1_760_602_640, "2025-10-16-31m-cthr_1"),
    ],
)  # fmt: skip
def test_a_name_is_the_date_the_title_and_the_end_of_the_id(
    title: str, thread_id: str, created_at: int | None, name: str
) -> None:
    assert thread_name(thread_row(thread_id, created_at, title=title)) == name


def test_a_name_that_another_thread_has_gets_a_hash() -> None:
    names = FileNames()
    names.take("2025-10-16-A-TITLE-abcdefgh", "other")
    name = names.name_for(thread_row("cthr_abcdefgh", title="a title"))
    assert re.fullmatch(r"2025-10-16-a-title-abcdefgh-[0-9a-f]{8}", name)
