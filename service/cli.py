"""The command line. Each command names its arguments here and its work elsewhere, imported when it is called."""

import argparse
import asyncio
import datetime as dt
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich_argparse import RawDescriptionRichHelpFormatter

from projections.engine.collector import calm
from service.children import StartFailed, ToolFailed, end_with_parent
from service.config import Misconfigured, Settings, load, strangers
from service.logs import configure

Run = Callable[[Settings, argparse.Namespace], int]
console = Console(stderr=True, highlight=False)


class Told(Exception):
    """Ends the command with this message and exit code 1."""


@contextmanager
def progress_bar(title: str, *, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr: call it with (done, of)."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=quiet) as progress:
        task = progress.add_task(title, total=None)
        yield lambda done, of: progress.update(task, completed=done, total=of)


def say(value: Any, text: str, *, as_json: bool) -> None:
    """The result on stdout: one JSON object for a program, a sentence for a person."""
    print(msgspec.json.encode(value).decode() if as_json else text)


def run_dev(settings: Settings, _arguments: argparse.Namespace) -> int:
    from service.dev import dev

    dev(settings)
    return 0


def run_serve(settings: Settings, arguments: argparse.Namespace) -> int:
    import threading

    from granian import Granian
    from granian.constants import Interfaces, Loops
    from granian.log import LogLevels

    from service.versions import reload_server

    threading.Thread(target=reload_server, args=(settings, os.getpid()), daemon=True).start()
    Granian(
        "service.app:create_app",
        factory=True,
        interface=Interfaces.ASGI,
        loop=Loops.uvloop,
        address=arguments.host or settings.host,
        port=arguments.port or settings.port,
        workers=arguments.processes or settings.server_processes,
        log_level=LogLevels(settings.log_level),
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    ).serve()
    return 0


def run_follow(settings: Settings, _arguments: argparse.Namespace) -> int:
    from service.follow import follow

    asyncio.run(follow(settings))
    return 0


def run_work(settings: Settings, _arguments: argparse.Namespace) -> int:
    from service.jobs.worker import work

    work(settings)
    return 0


def run_migrate(settings: Settings, arguments: argparse.Namespace) -> int:
    from migrations.run import migrate_now

    migrate_now(settings.database())
    say({"ok": True}, "The database has the newest schema.", as_json=arguments.json)
    return 0


def run_rebuild(settings: Settings, arguments: argparse.Namespace) -> int:
    from projections.catalog import every_projection
    from projections.engine.rebuild import rebuild
    from service.versions import prepare

    asyncio.run(prepare(settings))
    names = [projection.name for projection in every_projection()]
    if arguments.projection not in (None, *names):
        raise Told(f"there is no projection {arguments.projection}; there are {', '.join(names)}")
    with progress_bar("rebuilding", quiet=arguments.json) as progress:
        work = rebuild(settings.database(), processes=arguments.processes, only=arguments.projection, progress=progress)
        position = asyncio.run(work)
    what = arguments.projection or "All views"
    say({"ok": True, "position": position}, f"{what} rebuilt up to position {position}.", as_json=arguments.json)
    return 0


def run_verify(settings: Settings, arguments: argparse.Namespace) -> int:
    verdict = asyncio.run(_verify(settings.database(), arguments))
    sound = f"Sound: {verdict.events} events in {verdict.books} books up to position {verdict.position}."
    text = f"{sound}\nCheckpoint to keep elsewhere: {verdict.events}:{verdict.root}" if verdict.ok else f"NOT SOUND: {verdict.first_fault}"
    say(verdict, text, as_json=arguments.json)
    return 0 if verdict.ok else 1


async def _verify(url: str, arguments: argparse.Namespace) -> Any:
    from events.store.postgres import connect
    from events.store.verify import verify

    pool = await connect(url, size=1, role="branchbook_verify", timeout_s=3600)
    try:
        with progress_bar("verifying", quiet=arguments.json) as progress:
            return await verify(pool, held=arguments.checkpoint, progress=progress)
    finally:
        await pool.close()


def checkpoint(text: str) -> Any:
    """`SIZE:ROOT`, as an earlier `verify` printed it."""
    from events.store.verify import Checkpoint

    size, _, root = text.partition(":")
    if not size.isdecimal() or len(root) != 64:
        raise argparse.ArgumentTypeError("expected SIZE:ROOT as printed by an earlier verify")
    return Checkpoint(size=int(size), root=root)


def run_documents(settings: Settings, arguments: argparse.Namespace) -> int:
    from service.documents.check import check, release

    if arguments.action == "release":
        with progress_bar("releasing", quiet=arguments.json) as progress:
            released = asyncio.run(release(settings, progress))
        say(released, f"{len(released.released)} files of withdrawn documents removed.", as_json=arguments.json)
        return 0
    with progress_bar("checking", quiet=arguments.json) as progress:
        checked = asyncio.run(check(settings, progress))
    whole = f"Whole: {checked.files} files of {checked.documents} documents, {checked.bytes:,} bytes."
    faults = [*(f"missing {sha256}" for sha256 in checked.missing), *(f"damaged {sha256}" for sha256 in checked.damaged)]
    say(checked, whole if checked.ok else "NOT WHOLE:\n" + "\n".join(faults), as_json=arguments.json)
    return 0 if checked.ok else 1


def run_import(settings: Settings, arguments: argparse.Namespace) -> int:
    from service.imports.console import import_files

    if arguments.runs:
        return run_runs(settings, arguments)
    if arguments.undo:
        return run_undo(settings, arguments)
    if not arguments.file:
        raise Misconfigured("name the workbooks to import, or give --runs or --undo RUN")
    with progress_bar("importing", quiet=arguments.json) as progress:
        result = asyncio.run(
            import_files(
                settings,
                arguments.file,
                committee=arguments.committee,
                record=arguments.record,
                late_reason=arguments.late_reason,
                progress=progress,
            )
        )
    say(result, _imported(result), as_json=arguments.json)
    return 0 if result.ok else 1


def _imported(result: Any) -> str:
    lines = []
    for file in result.files:
        lines.append(f"{file.name} ({file.kind}): " + ", ".join(f"{count} {state}" for state, count in file.rows.items()))
        lines += [f"  {fault.sheet} row {fault.row} {fault.title} {fault.cell}: {fault.zh} / {fault.en}" for fault in file.faults]
    preview = "Nothing was recorded; --record does it." if result.ok else "Nothing was recorded: some rows are not as they should be."
    return "\n".join([*lines, f"{result.events} events recorded." if result.recorded else preview])


def run_runs(settings: Settings, arguments: argparse.Namespace) -> int:
    from service.imports.undo_console import known_runs

    runs = asyncio.run(known_runs(settings, arguments.committee))
    lines = [
        f"{run.run}  {run.org_id}  {run.file} ({run.kind}), {run.rows} rows, by {run.actor}"
        + ("" if run.taken_back is None else f"; {run.taken_back} commands taken back, {run.kept} kept")
        for run in runs
    ]
    say({"runs": runs}, "\n".join(lines) or "No imports.", as_json=arguments.json)
    return 0


def run_undo(settings: Settings, arguments: argparse.Namespace) -> int:
    from service.imports.undo_console import undo_run

    with progress_bar("taking back" if arguments.record else "rehearsing", quiet=arguments.json) as progress:
        result = asyncio.run(
            undo_run(
                settings,
                arguments.undo,
                committee=arguments.committee,
                record=arguments.record,
                reason=arguments.reason,
                superior_seen_on=arguments.superior_seen_on,
                progress=progress,
            )
        )
    lines = [f"  {one.org_id} {one.sheet} row {one.row}, {one.command}: {one.zh} / {one.en}" for one in result.stands]
    lines.append(", ".join(f"{count} {fate}" for fate, count in result.commands.items()))
    lines.append("Taken back." if result.recorded else "Nothing was taken back; --record does it.")
    say(result, "\n".join(lines), as_json=arguments.json)
    return 0 if result.ok else 1


def run_export(settings: Settings, arguments: argparse.Namespace) -> int:
    from service.exports.console import Clocks, as_csv, export_register

    clocks = Clocks(as_of=arguments.as_of, known_at=arguments.known_at)
    with progress_bar("exporting", quiet=arguments.json or arguments.out is None) as progress:
        exported = asyncio.run(
            export_register(settings, arguments.org, arguments.register, year=arguments.year, clocks=clocks, progress=progress)
        )
    if arguments.out is not None:
        arguments.out.write_text(as_csv(exported), encoding="utf-8", newline="")
    say(exported, as_csv(exported) if arguments.out is None else f"{len(exported.rows)} rows in {arguments.out}", as_json=arguments.json)
    return 0


def instant(text: str) -> dt.datetime:
    found = dt.datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise argparse.ArgumentTypeError("say the time zone, such as +08:00")
    return found


def run_ballot(_settings: Settings, arguments: argparse.Namespace) -> int:
    from service.ballots.papers import recount

    try:
        found = recount(arguments.file.read_bytes())
    except ValueError as wrong:
        raise Told(f"{arguments.file} is not a published box: {wrong}") from wrong
    recorded = arguments.sha256 in (None, found.sha256)
    votes = "\n".join(f"{code:24} {votes}" for code, votes in found.votes.items())
    verdict = "" if recorded else "\nNOT the box whose hash is on the record."
    say(found, f"{found.book} {found.ballot}: {found.papers} papers\n{votes}\nsha256 {found.sha256}{verdict}", as_json=arguments.json)
    return 0 if recorded else 1


def run_standard(settings: Settings, arguments: argparse.Namespace) -> int:
    from service import standard

    if arguments.action == "check":
        verdict = standard.check(arguments.pack)
        say(verdict, standard.verdict_line(arguments.pack, verdict), as_json=arguments.json)
        return 0 if verdict.ok else 1
    if arguments.action == "diff":
        changes = asyncio.run(standard.differences(settings, arguments.against, arguments.pack))
        say(changes, standard.change_lines(changes), as_json=arguments.json)
        return 0
    if arguments.action == "publish":
        published = asyncio.run(standard.publish(settings, arguments.pack, arguments.reason))
        say(published, standard.published_line(published), as_json=arguments.json)
        return 0
    with progress_bar("scoring", quiet=arguments.json) as progress:
        on = arguments.on or dt.datetime.now(dt.timezone(dt.timedelta(hours=8))).date()
        found = asyncio.run(standard.what_if(settings, arguments.pack, arguments.year or on.year, on, progress))
    say(found, standard.told(found), as_json=arguments.json)
    return 0


def run_bench(settings: Settings, arguments: argparse.Namespace) -> int:
    from service.bench import bench

    with progress_bar("measuring", quiet=arguments.json) as progress:
        measures = asyncio.run(bench(settings, only=arguments.only, events=arguments.events, progress=progress))
    say(measures, _measures(measures), as_json=arguments.json)
    return 0 if all(measure["met"] is not False for measure in measures.values()) else 1


def _measures(measures: dict[str, Any]) -> str:
    lines = (
        f"{name:24} {m['value']:>14,.1f} {m['unit']:10} target {m['target']} {'met' if m['met'] else 'NOT MET'}"
        for name, m in measures.items()
    )
    return "\n".join(lines)


def _of_standard(standard: argparse.ArgumentParser) -> None:
    standard.add_argument("action", choices=("check", "diff", "what-if", "publish"), help="what-if records nothing; publish does")
    standard.add_argument("--pack", type=Path, required=True, metavar="DIR", help="the folder with the pack")
    standard.add_argument("--reason", default="", metavar="TEXT", help="publish: the ground, such as the decision's number")
    standard.add_argument("--against", type=Path, metavar="DIR", help="diff: the older pack (default: the one in force)")
    standard.add_argument("--year", type=int, metavar="Y", help="what-if: the year to score (default: this one)")
    standard.add_argument("--on", type=dt.date.fromisoformat, metavar="DATE", help="what-if: as of this day (default: today)")


def parser() -> argparse.ArgumentParser:
    """Every command with its help; README's list is checked against it."""
    top = argparse.ArgumentParser(
        prog="branchbook",
        description="The book of record for the branches of a superior committee.",
        epilog="Settings come from the environment: BRANCHBOOK_HOME, BRANCHBOOK_PORT, BRANCHBOOK_DATABASE_URL, BRANCHBOOK_REDIS_URL.",
        formatter_class=RawDescriptionRichHelpFormatter,
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, run: Run, line: str, *, as_json: bool = False) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=line, description=line, formatter_class=top.formatter_class)
        command.set_defaults(run=run)
        command.add_argument("--parent", type=int, help=argparse.SUPPRESS)
        if as_json:
            command.add_argument("--json", action="store_true", help="print one JSON object and no progress")
        return command

    add("dev", run_dev, "run everything on this machine: servers, example, API, desk, follower, worker")
    serve = add("serve", run_serve, "serve the API and the desk")
    serve.add_argument("--host", help="address to listen on (BRANCHBOOK_HOST)")
    serve.add_argument("--port", type=int, help="port to listen on (BRANCHBOOK_PORT)")
    serve.add_argument("--processes", type=int, help="server processes (BRANCHBOOK_SERVER_PROCESSES)")
    add("follow", run_follow, "bind committed pages into the journal and keep every view up to date")
    add("work", run_work, "raise obligations, remind, escalate, deliver")
    add("migrate", run_migrate, "bring the database to the newest schema", as_json=True)
    rebuild = add("rebuild", run_rebuild, "build the views anew beside the live ones and swap them", as_json=True)
    rebuild.add_argument("projection", nargs="?", metavar="PROJECTION", help="this one only, such as l04 (default: all)")
    rebuild.add_argument("--processes", type=int, default=2, help="how many processes share the books (default 2)")
    verify = add("verify", run_verify, "prove that nobody changed the past, or name the first fault", as_json=True)
    verify.add_argument("--checkpoint", type=checkpoint, metavar="SIZE:ROOT", help="what an earlier verify printed and you kept elsewhere")
    documents = add("documents", run_documents, "check every recorded hash against the store of files", as_json=True)
    documents.add_argument("action", choices=("check", "release"), help="release: remove the bytes of withdrawn documents")
    imports = add("import", run_import, "preview workbooks row by row, and record them when asked to", as_json=True)
    imports.add_argument("file", nargs="*", type=Path, help="roster, dues, meetings or transfers as .xlsx")
    imports.add_argument("--committee", required=True, metavar="ID", help="the committee whose branches the sheets name")
    imports.add_argument("--record", action="store_true", help="record every row, unless one is not as it should be; take back in earnest")
    imports.add_argument("--runs", action="store_true", help="list what was imported")
    imports.add_argument("--undo", metavar="RUN", help="take back what a run recorded, as far as nothing rests on it")
    imports.add_argument("--reason", default="导入有误", metavar="TEXT", help="why it is taken back")
    imports.add_argument("--superior-seen-on", type=dt.date.fromisoformat, metavar="DATE", help="needed where minutes are on file")
    imports.add_argument("--late-reason", default="补录历史台账", metavar="TEXT", help="said of what is older than the back-date limit")
    export = add("export", run_export, "write a register as a sheet, as it stands or as of a date", as_json=True)
    export.add_argument("org", help="the branch")
    export.add_argument("register", help="code of the register, such as dues-payments")
    export.add_argument("--year", type=int, help="this year only")
    export.add_argument("--as-of", type=dt.date.fromisoformat, metavar="DATE", help="what had happened by this day")
    export.add_argument("--known-at", type=instant, metavar="INSTANT", help="what was known then, such as 2026-03-01T12:00+08:00")
    export.add_argument("--out", type=Path, metavar="FILE", help="the CSV file (default: stdout)")
    ballot = add("ballot", run_ballot, "recount the published box of a secret ballot", as_json=True)
    ballot.add_argument("action", choices=["recount"], help="count every paper in the file")
    ballot.add_argument("file", type=Path, help="the box as `GET …/ballots/{id}/box` gave it")
    ballot.add_argument("--sha256", metavar="HEX", help="the hash on the record; exit code 1 when the file has another")
    standard = add("standard", run_standard, "check a standard pack, compare two, score a year under a draft, publish it", as_json=True)
    _of_standard(standard)
    bench = add("bench", run_bench, "measure speed beside other event stores", as_json=True)
    bench.add_argument("--only", metavar="MEASURE", help="this measure only")
    bench.add_argument("--events", type=int, metavar="N", help="events per run")
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Exit code 0 when done, 1 when not, 2 when the command line is wrong."""
    arguments = parser().parse_args(argv)
    configure()
    calm()
    for name in strangers(os.environ):
        console.print(f"[yellow]warning:[/] {name} is set but is no setting of Branchbook")
    if arguments.parent is not None:
        end_with_parent(arguments.parent)
    try:
        run: Run = arguments.run
        return run(load(), arguments)
    except KeyboardInterrupt:
        return 1
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        console.print(f"[red]branchbook {arguments.command}:[/] the database does not serve:", escape(str(error)))
        return 1
    except (Misconfigured, StartFailed, ToolFailed, Told) as error:
        console.print(f"[red]branchbook {arguments.command}:[/]", escape(str(error)))
        return 1


if __name__ == "__main__":
    sys.exit(main())
