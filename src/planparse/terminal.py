"""What a command owes its terminal: UTF-8, results on stdout, one line for an error, an exit code, a quiet end.

With PLANPARSE_DEBUG=1 in the environment the traceback of an error stands above its line.
"""

from __future__ import annotations

import errno
import io
import logging
import os
import signal
import sys
import traceback
import warnings
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

import typer

from planparse.errors import InputMissingError, InternalError, OutputError, PlanparseError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

EXIT_USAGE = 2
EXIT_INTERRUPTED = 130

USAGE_ERROR: type[Exception] = typer.BadParameter.__mro__[2]
"""click's ClickException; it has no other name that all releases of typer share, as some carry click inside them."""


def write(text: str) -> None:
    """Print a result; where stdout is closed or its reader has gone, nobody misses it.

    Raises:
        OutputError: the disk behind stdout is full.
    """
    if sys.stdout is None:
        return
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        _forget_stdout()
    except OSError as error:
        _forget_stdout()
        raise OutputError(f"can't be written: {error.strerror}", "stdout", "free space, or name a file") from error


def say(message: str) -> None:
    """Print a message for the person at the terminal, if somebody is there."""
    if sys.stderr is not None:
        with suppress(OSError):
            sys.stderr.write(f"{message}\n")


def run_app(app: typer.Typer, arguments: Sequence[str]) -> int:
    """Run a command and return its exit code, every failure told in one line."""
    _prepare()
    try:
        return int(app(list(arguments), standalone_mode=False) or 0)
    except PlanparseError as error:
        return _fail(str(error), error.exit_code)
    except USAGE_ERROR as error:
        return _fail(_describe_usage(error), EXIT_USAGE)
    except (KeyboardInterrupt, typer.Abort):
        return EXIT_INTERRUPTED
    except Exception as error:  # noqa: BLE001 (whatever went wrong, the user gets one line)
        failure = _explain(error, arguments)
        return _fail(str(failure), failure.exit_code)


def _prepare() -> None:
    """Write UTF-8 in every locale, keep the notes of libraries off stderr, let SIGTERM act as Ctrl-C does."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    logging.getLogger().addHandler(logging.NullHandler())
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    signal.signal(signal.SIGTERM, _interrupt)


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _fail(message: str, code: int) -> int:
    if os.environ.get("PLANPARSE_DEBUG"):
        say(traceback.format_exc())
    say(error_line(message))
    return code


def error_line(message: object) -> str:
    """Return the line that tells of an error."""
    return f"planparse: error: {message}"


def _explain(error: Exception, arguments: Sequence[str]) -> PlanparseError:
    """Return what nobody expected as a defect, but for names too long for any file: any look at a path may meet one."""
    if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
        return InputMissingError("no file has so long a name", str(error.filename), "check the name")
    return InternalError.from_exception(error, " ".join(arguments))


def _describe_usage(error: Exception) -> str:
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "planparse"
    message = error.format_message() if hasattr(error, "format_message") else str(error)
    return str(PlanparseError(message.rstrip("."), "command line", f"see `{command} --help`"))


def _forget_stdout() -> None:
    """Point stdout, which takes no more, at nothing, so that the interpreter's last flush is quiet."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
