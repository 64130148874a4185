"""Runs the command `sigstore` once for each line of standard input (a JSON array of its arguments), in one process.

Answers each line with one: {"code": exit code, "output": what it printed}. Starting Python and loading the command takes
ten times as long as verifying does.
"""

import contextlib
import io
import json
import logging
import sys

from sigstore._cli import main

# The command made a handler for the real standard error when it was loaded: what it logs belongs to one answer here.
LOGGER = logging.getLogger()
LOGGER.handlers.clear()


def run(arguments: list[str]) -> tuple[int, str]:
    output = io.StringIO()
    handler = logging.StreamHandler(output)
    LOGGER.addHandler(handler)
    try:
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            main(arguments)
        return 0, output.getvalue()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        return code, output.getvalue()
    except Exception as error:  # the command itself would end with a traceback
        return 1, f"{output.getvalue()}{type(error).__name__}: {error}"
    finally:
        LOGGER.removeHandler(handler)


for line in sys.stdin:
    code, printed = run(json.loads(line))
    print(json.dumps({"code": code, "output": printed}), flush=True)
