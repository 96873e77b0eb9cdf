"""The command line: parse, call one function, write.

The one idea: `main` is the only way in, and turns whatever happens (an error, a closed pipe, Ctrl-C) into one calm line and
the exit status of the contract. A command's module is imported only when that command is called.
"""

from __future__ import annotations

import errno
import importlib
import os
import signal
import sys
from typing import Any, NoReturn

import click

from pbtool.errors import FAULT, INTERRUPTED, PIPE_CLOSED, UNWRITABLE, USAGE, PbtoolError, PipeClosedError
from pbtool.version import VERSION

#: Name, module and one line of every command; the line is here so that --help imports nothing.
COMMANDS = {
    "run": "The main job: read, fix, segment, extract. One article a line.",
    "read": "Show what is in a file, unchanged: text, pages, boxes, fonts.",
    "check": "List what fix would do and why, edit by edit.",
    "fix": "Repair mojibake and OCR or PDF damage.",
    "convert": "Change the script (traditional, simplified); names are protected.",
    "segment": "Find the articles and set page furniture aside.",
    "extract": "Find places, officials, metrics and dates.",
    "review": "See each change in its context; accept or reject it.",
    "batch": "Put a whole corpus into a store: parallel, resumable.",
    "stats": "Tables out of a store; every number can be opened.",
    "export": "Rows out of a store: csv, Parquet, xlsx, for annotators.",
    "rules": "Explain the repair rules.",
}

#: What the system says of an output that is full, closed, broken or too large.
_TAKES_NO_MORE = (errno.ENOSPC, errno.EBADF, errno.EIO, errno.EFBIG)

EXAMPLES = (
    "pbtool run issue.pdf | jq -r .title",
    "pbtool check issue.txt",
    "pbtool fix -i issue.txt",
    "cat page.txt | pbtool fix - | pbtool segment - | pbtool extract -",
)


class Commands(click.Group):
    """A group that imports a command when it is asked for, and guesses what a mistyped one was meant to be."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"pbtool.cli.{cmd_name}").command
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError:
            from difflib import get_close_matches

            near = ["--help"] if args[0] == "help" else get_close_matches(args[0], COMMANDS, 1, 0.6)
            hint = f" Did you mean {near[0]!r}?" if near else f" There are: {', '.join(COMMANDS)}."
            raise click.UsageError(f"No such command {args[0]!r}.{hint}", ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write("\nExamples:\n" + "".join(f"    {line}\n" for line in EXAMPLES))


@click.group(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 88},
)
@click.version_option(VERSION, "-V", "--version", message="pbtool %(version)s")
@click.pass_context
def group(ctx: click.Context) -> None:
    """Repair, restore and read Chinese party-building articles that come as scans,
    broken PDFs and OCR text."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help(), err=True)
        ctx.exit(USAGE)


def main(args: list[str] | None = None) -> NoReturn:
    """Run the command line and exit with the status of the contract."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    _occupy_streams()
    stdout, status = sys.stdout, FAULT
    try:
        result = group.main(args, prog_name="pbtool", standalone_mode=False)
        status = result if isinstance(result, int) else 0
        sys.stdout.flush()
    except click.exceptions.Abort:
        status = INTERRUPTED
    except KeyboardInterrupt:
        status = INTERRUPTED
    except click.exceptions.Exit as leave:
        status = leave.exit_code
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    except SystemExit as leave:
        status = leave.code if isinstance(leave.code, int) else 0
        if sys.stdout is not stdout:
            status = PIPE_CLOSED  # click put another stream there, and made a 1 of it
    except PbtoolError as error:
        if not isinstance(error, PipeClosedError):
            _say(str(error))
        status = error.status
    except BrokenPipeError:
        status = PIPE_CLOSED
    except MemoryError:
        _say("out of memory; give the files one at a time, or split them")
    except Exception as error:
        if os.environ.get("PBTOOL_TRACEBACK"):
            raise
        status = _told(error)
    _leave(status)


def _told(error: Exception) -> int:
    """Say what nobody expected, and give the exit status for it."""
    if isinstance(error, OSError) and error.errno in _TAKES_NO_MORE:
        # Help, which click writes itself; what commands write comes as an OutputError.
        _say(f"standard output: {error.strerror}; make room, or give it another place")
        return UNWRITABLE
    _say(
        f"a fault in pbtool itself: {type(error).__name__}: {error}; "
        "please report it with what PBTOOL_TRACEBACK=1 prints"
    )
    return FAULT


def _occupy_streams() -> None:
    """Give standard streams that the caller has closed a place, or the next file opened would be taken for one.

    What is written to a closed standard output must fail as any other write does; a closed standard error asked for silence.
    """
    for number, mode in ((0, os.O_WRONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, mode)  # takes the lowest number that is free: this one
    if sys.stdout is None:
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    if sys.stderr is None:
        sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)


def _say(text: str) -> None:
    from pbtool.terminal import Messages

    Messages().error(text)


def _leave(status: int) -> NoReturn:
    # A closed pipe would make the interpreter complain once more while it flushes at exit.
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        status = PIPE_CLOSED
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    except OSError:
        status = UNWRITABLE
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.exit(status)
