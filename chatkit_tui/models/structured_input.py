"""Questions that a workflow asks the end user, with the answers."""

from __future__ import annotations

from typing import Annotated, Final, TypeAlias

from chatkit_tui.models.fields import LenientModel, lenient
from chatkit_tui.models.parts import UnknownPart, known, objects


class Option(LenientModel):
    """A suggested answer."""

    value: str = ""


class StructuredAnswer(LenientModel):
    """What the end user answered, or that the question was skipped."""

    values: tuple[str, ...] = ()
    """Options, and words of the user's own."""
    skipped: bool = False


class StructuredInput(LenientModel):
    """A question."""

    type: str = ""
    """`multiple_choice` or `freeform`; others are unknown."""
    id: str = ""
    question: str = ""
    description: str | None = None
    options: Annotated[tuple[Option | UnknownPart, ...], objects(Option)] = ()
    multiple: bool = False
    """Whether several options may be chosen."""
    answer: Annotated[StructuredAnswer | None, lenient(StructuredAnswer)] = None
    """None while there is none."""


_KNOWN: Final = dict.fromkeys(("multiple_choice", "freeform"), StructuredInput)

Questions: TypeAlias = Annotated[tuple[StructuredInput | UnknownPart, ...], known(_KNOWN)]
