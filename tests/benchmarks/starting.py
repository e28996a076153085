"""From the command line to the first thread."""

from __future__ import annotations

from chatkit_tui.emulator import Emulator
from tests.benchmarks.programs import minimal, screen
from tests.benchmarks.report import Figure, ratio, typical
from tests.benchmarks.server import serving

ROUNDS = 9
FIRST_THREAD = "Flight TP 576"
HELP = "Stop what is under way."
"""What the first key brings, which is pressed as soon as there is anything to be seen."""


def starting() -> list[Figure]:
    """Starts of the demonstration, of the same on loopback, and of the least Textual program."""
    baseline: list[float] = []
    demo: list[float] = []
    loopback: list[float] = []
    painted: list[float] = []
    answered: list[float] = []
    with serving(Emulator()) as api:
        for _ in range(ROUNDS):
            with minimal() as terminal:
                baseline.append(terminal.wait_for("pressed 0") - terminal.started)
            with screen("--demo") as terminal:
                painted.append(terminal.wait_for("ChatKit") - terminal.started)
                terminal.send("?")
                demo.append(terminal.wait_for(FIRST_THREAD) - terminal.started)
                answered.append(terminal.wait_for(HELP) - terminal.started)
            with screen(environment=api.environment) as terminal:
                loopback.append(terminal.wait_for(FIRST_THREAD) - terminal.started)
    least = typical(baseline)
    beside = "minimal app"
    return [
        ratio("start: first paint, --demo", typical(painted), least, 1.35, beside),
        ratio("start: first thread, --demo", typical(demo), least, 1.35, beside),
        ratio("start: first thread, loopback", typical(loopback), least, 1.35, beside),
        ratio("start: first key answered, --demo", typical(answered), least, None, beside),
    ]
