"""What a Chart has to show: points along an axis, series of numbers, in every spelling."""

from __future__ import annotations

import math
from typing import Final, Literal, NamedTuple, TypeAlias

from chatkit_tui.document.blocks import Table
from chatkit_tui.document.spans import Inline, Paint, Style, untrusted
from chatkit_tui.models.fields import JSON
from chatkit_tui.models.widgets import WidgetNode
from chatkit_tui.render.colors import terminal_color
from chatkit_tui.render.widgets.properties import list_of, object_of, words

Kind: TypeAlias = Literal["bar", "area", "line"]

LARGEST: Final = 1e300
"""Numbers beyond are not drawn: the distance of two of them would be infinite."""

_TURN: Final[tuple[Paint, ...]] = ("blue", "magenta", "yellow", "green", "red", "cyan")
"""The paints of series that ask for none, one after the other."""


class Series(NamedTuple):
    """One series of a chart."""

    label: str
    """As it came."""
    kind: Kind
    color: Paint
    stack: str
    """Bars and areas of one stack stand on one another; empty for none."""
    values: tuple[float | None, ...]
    """One for each point; None where there is no number."""
    told: tuple[str, ...]
    """The same as they came, as words."""


class Figures(NamedTuple):
    """A chart as numbers and words."""

    axis: str
    """The key of what stands along the axis; empty when there is none."""
    points: tuple[str, ...]
    """What stands along the axis, a word for each point as it came, or its label."""
    series: tuple[Series, ...]

    @property
    def drawable(self) -> bool:
        """Whether there is any number."""
        return any(value is not None for series in self.series for value in series.values)

    def table(self) -> Table:
        """One row for each point, one column for each series, with every word and number."""
        heads = [(untrusted(series.label, Style(bold=True)),) for series in self.series]
        rows = [[(untrusted(told),) for told in row] for row in zip(*self._columns(), strict=True)]
        align = ("right",) * len(heads)
        if any(self.points):
            heads.insert(0, (untrusted(self.axis, Style(bold=True)),))
            align = ("left", *align)
        else:
            rows = [row[1:] for row in rows]
        made: list[tuple[tuple[Inline, ...], ...]] = [tuple(heads), *map(tuple, rows)]
        return Table(tuple(made), align)

    def _columns(self) -> list[tuple[str, ...]]:
        return [self.points, *(series.told for series in self.series)]


def read_figures(node: WidgetNode) -> Figures:
    """What a Chart's properties say; never raises for what they hold.

    Without series, every key of the points but the axis is one.
    """
    points = [object_of(point) for point in list_of(node.props.get("data"))]
    axis = node.props.get("xAxis")
    key = axis if isinstance(axis, str) else words(object_of(axis).get("dataKey"))
    labels = object_of(object_of(axis).get("labels"))
    found = [words(point.get(key)) for point in points]
    names = tuple(words(labels.get(name)) or name for name in found)
    declared = [given for entry in list_of(node.props.get("series")) if (given := _declared(entry))]
    if not declared:
        keys = dict.fromkeys(name for point in points for name in point if name != key)
        declared = [{"dataKey": name} for name in keys]
    series = [_series(given, number, points) for number, given in enumerate(declared)]
    return Figures(key, names, tuple(series))


def _declared(entry: JSON) -> dict[str, JSON]:
    """The fields of a series; an empty one when the entry is none."""
    given = object_of(entry)
    if "dataKey" not in given:  # some servers wrap a series as if it were a component
        given = object_of(given.get("value"))
    if isinstance(entry, str) and entry:
        given = {"dataKey": entry}
    return given if words(given.get("dataKey")) else {}


def _series(given: dict[str, JSON], number: int, points: list[dict[str, JSON]]) -> Series:
    key = words(given["dataKey"])
    values = [point.get(key) for point in points]
    color = terminal_color(given.get("color"))
    return Series(
        words(given.get("label")) or key,
        _kind(given.get("type")),
        color or _TURN[number % len(_TURN)],
        words(given.get("stack")),
        tuple(_number(value) for value in values),
        tuple(words(value) for value in values),
    )


def _kind(value: JSON) -> Kind:
    word = value.lower() if isinstance(value, str) else ""
    if word in ("line", "area"):
        return "line" if word == "line" else "area"
    return "bar"


def _number(value: JSON) -> float | None:
    """A number, also one that came as text; None for anything that is none or too large."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value.strip().removesuffix("%") if isinstance(value, str) else value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and abs(number) <= LARGEST else None
