"""The terminal, pipe or file that a command writes to, whatever it can and however it ends."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper

# What a shell shows for a program whose reader has gone: 128 and the number of SIGPIPE.
_READER_GONE = 141
# sysexits.h: something could not be written.
EX_IOERR = 74


def speak_utf8() -> None:
    """Write UTF-8 also where the system's language names another encoding.

    Where whoever starts the process has closed an output, what goes there goes nowhere, and no
    file that is opened later takes its place.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w"))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


@contextmanager
def output_ends() -> Iterator[None]:
    """Exit without a traceback when what is written to has gone (`| head`) or is full."""
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        _write_nowhere()
        sys.exit(_READER_GONE)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG):
            raise
        _write_nowhere()
        with suppress(OSError):
            sys.stderr.write(f"The output cannot be written: {error.strerror}.\n")
        sys.exit(EX_IOERR)


def _write_nowhere() -> None:
    """Let Python's own last flush fail no more."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
