"""Names of exported files that are valid on every system, since exports are copied between them.

A name is `DATE-title-end`; `end` is the last characters of the thread's id. The date
before all else keeps it from being the name of a device on Windows.
"""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import UTC, datetime
from typing import Final

from chatkit_tui.models.page import RawRow
from chatkit_tui.models.threads import read_thread
from chatkit_tui.text.sanitize import sanitize

LONGEST: Final = 100
"""Bytes of a name in UTF-8, without the suffix of its format."""
_OF_ID: Final = 8
_OF_HASH: Final = 8
_FOR_TITLE: Final = LONGEST - len("2026-11-03--") - _OF_ID - len("-") - _OF_HASH
_LETTERS: Final = {"Ll", "Lm", "Lo", "Lt", "Lu", "Nd"}
_MARKS: Final = {"Mc", "Mn"}
"""Such as the vowel signs of many scripts, which belong to the letter before."""
_MOST_MARKS: Final = 4
"""Marks of a letter that are kept."""


class FileNames:
    """The names of the files of one folder, which differ in more than case."""

    def __init__(self) -> None:
        self._owners: dict[str, str] = {}
        """The id of the thread that has a name, by the folded name."""

    def take(self, name: str, thread_id: str) -> None:
        """Note that a name belongs to a thread."""
        self._owners.setdefault(_folded(name), thread_id)

    def name_for(self, thread: RawRow) -> str:
        """Return the name for a thread, without a suffix, and note it."""
        thread_id = thread.id or ""
        plain = name = thread_name(thread)
        digest = hashlib.sha256(thread_id.encode("utf-8", "surrogatepass")).hexdigest()
        length = _OF_HASH
        while self._owners.setdefault(_folded(name), thread_id) != thread_id:
            name = f"{plain}-{digest[:length]}"
            length += 1
        return name


def thread_name(thread: RawRow) -> str:
    """Return a name from the date in UTC, the title and the id of a thread."""
    title = _words(read_thread(thread).title or "").encode()[:_FOR_TITLE].decode(errors="ignore")
    end = _words((thread.id or "")[-_OF_ID:])
    end = "".join(character for character in end if character.isascii())
    parts = (_date(thread), title.strip("-") or "untitled", end.strip("-"))
    return "-".join(filter(None, parts))


def _date(thread: RawRow) -> str:
    time = thread.time
    return f"{datetime.fromtimestamp(time.seconds, UTC):%Y-%m-%d}" if time else "undated"


def _words(text: str) -> str:
    """Return letters with their marks, digits and `_`, with one `-` for each run of others."""
    kept = ""
    for character in unicodedata.normalize("NFC", text[:LONGEST]):
        kept += character if _is_kept(character, kept) else " "
    return "-".join(kept.split())


def _is_kept(character: str, before: str) -> bool:
    """Return whether a character stays that follows those `before` it."""
    if unicodedata.category(character) not in _MARKS:
        is_letter = character == "_" or unicodedata.category(character) in _LETTERS
        return is_letter and _is_visible(character)
    marks = [unicodedata.category(each) in _MARKS for each in before[-_MOST_MARKS:]]
    has_letter = before[-1:] not in ("", " ", "_") and not all(marks)
    return has_letter and _is_visible(f"a{character}")


def _is_visible(text: str) -> bool:
    """Return whether nothing of a text is hidden; some letters are."""
    return sanitize(text, plain=False) == text


def _folded(name: str) -> str:
    """Return a key that is equal for names that are the same file on some system."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
