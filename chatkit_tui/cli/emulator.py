"""`chatkit-tui emulator`: serve the built-in API on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from chatkit_tui.cli.help import ExampleCommand

if TYPE_CHECKING:
    from chatkit_tui.emulator.requests import Responder


@click.command("emulator", cls=ExampleCommand)
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    metavar="PORT",
    default=8123,
    show_default=True,
    help="Port on the loopback address; 0 selects a free one.",
)
@click.option(
    "--threads",
    type=click.IntRange(0, 10**9),
    metavar="N",
    default=60,
    show_default=True,
    help="Number of threads.",
)
@click.option(
    "--items",
    type=click.IntRange(0, 10**9),
    metavar="N",
    help="Number of items in each thread  [default: as in the sample data]",
)
@click.option(
    "--latency",
    type=click.FloatRange(0, 600_000),
    default=0,
    metavar="MS",
    help="Delay before each response, in milliseconds.",
)
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="NAME[:FIRST][@CALL]",
    help="Inject a fault: into the FIRST requests, default all, and into one CALL, default all. "
    "Can be given several times.",
)
@click.option(
    "--protocol",
    type=click.Choice(["hosted", "server"]),
    default="hosted",
    show_default=True,
    help="Which API: OpenAI's, or that of a self-hosted server.",
)
@click.option(
    "--token", metavar="TEXT", default="", help="Token that a self-hosted server asks for."
)
@click.option("--list-faults", is_flag=True, help="List the faults and exit.")
def emulator_command(
    port: int,
    threads: int,
    items: int | None,
    latency: float,
    faults: tuple[str, ...],
    protocol: str,
    token: str,
    list_faults: bool,
) -> None:
    """Serve the built-in API with sample data on the loopback address."""
    if list_faults:
        from chatkit_tui.emulator.faults import FAULTS

        widest = max(len(name) for name in FAULTS)
        for fault in FAULTS.values():
            click.echo(f"{fault.name:<{widest}}  {fault.summary}")
        return
    from chatkit_tui.emulator.server import LOOPBACK, EmulatorServer, listen

    if protocol == "server":
        if faults:
            raise click.UsageError("--fault is for --protocol hosted alone.")
        emulator, path = _self_hosted(threads, items, latency, token)
    else:
        if token:
            raise click.UsageError("--token is for --protocol server alone.")
        emulator, path = _hosted(threads, items, latency, faults)
    try:
        listening = listen(port)
    except OSError as error:
        raise click.ClickException(
            f"port {port} on {LOOPBACK} cannot be used ({error.strerror}); "
            "choose another with --port, or --port 0 for any"
        ) from error
    address = f"http://{LOOPBACK}:{listening.getsockname()[1]}{path}"

    def announce() -> None:
        from chatkit_tui.emulator import DEMO_KEY

        how = f"OPENAI_BASE_URL={address} OPENAI_API_KEY={DEMO_KEY}"
        if protocol == "server":
            how = f"chatkit-tui --server {address}"
        click.echo(f"Listening on {address}  {how}")

    EmulatorServer(emulator, started=announce).run(sockets=[listening])


def _hosted(
    threads: int, items: int | None, latency: float, faults: tuple[str, ...]
) -> tuple[Responder, str]:
    """Return an emulator of OpenAI's API, and the path of its base URL."""
    import time

    from chatkit_tui.emulator import Emulator

    try:
        return Emulator(threads, items, latency, faults, clock=time.time), "/v1"
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--fault") from error


def _self_hosted(
    threads: int, items: int | None, latency: float, token: str
) -> tuple[Responder, str]:
    """Return an emulator of a self-hosted server, and the path of its address."""
    from chatkit_tui.emulator.self_hosted import PATH, SelfHostedEmulator

    return SelfHostedEmulator(threads, items, latency, token=token), PATH
