"""`chatkit-tui emulator`: serve the built-in API on this machine."""

from __future__ import annotations

import click

from chatkit_tui.cli.help import ExampleCommand


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
@click.option("--list-faults", is_flag=True, help="List the faults and exit.")
def emulator_command(
    port: int,
    threads: int,
    items: int | None,
    latency: float,
    faults: tuple[str, ...],
    list_faults: bool,
) -> None:
    """Serve the built-in API with sample data on the loopback address."""
    if list_faults:
        from chatkit_tui.emulator.faults import FAULTS

        widest = max(len(name) for name in FAULTS)
        for fault in FAULTS.values():
            click.echo(f"{fault.name:<{widest}}  {fault.summary}")
        return
    import time

    from chatkit_tui.emulator import DEMO_KEY, Emulator
    from chatkit_tui.emulator.server import LOOPBACK, EmulatorServer, listen

    try:
        emulator = Emulator(threads, items, latency, faults, clock=time.time)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--fault") from error
    try:
        listening = listen(port)
    except OSError as error:
        raise click.ClickException(
            f"port {port} on {LOOPBACK} cannot be used ({error.strerror}); "
            "choose another with --port, or --port 0 for any"
        ) from error
    address = f"http://{LOOPBACK}:{listening.getsockname()[1]}/v1"

    def announce() -> None:
        click.echo(f"Listening on {address}  OPENAI_BASE_URL={address} OPENAI_API_KEY={DEMO_KEY}")

    EmulatorServer(emulator, started=announce).run(sockets=[listening])
