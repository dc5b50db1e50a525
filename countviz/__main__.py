"""``python -m countviz``: ask for something, and print what was found.

Results go to standard output, as text or as one JSON document, remarks to standard error. What
cannot be done is answered with one line there, and status 2.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence

import countviz.commands  # noqa: F401  (they join the program when they are imported)
from countviz.cli import Answer, ask


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return the exit status: 0, 2 for what cannot be done, 130 for Ctrl-C."""
    try:
        answer = ask(argv)
        if isinstance(answer, Answer):
            for remark in answer.remarks:
                _remark(remark)
            text = json.dumps(answer.document, allow_nan=False) if answer.as_json else answer.text
            print(text, flush=True)
            return 0
    except BrokenPipeError:  # nobody reads on; what is still buffered must not be tried again
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (ValueError, OSError) as error:
        _remark(f"error: {_sentence(error)}")
        return 2
    if answer == 130:
        _remark("interrupted")
    return answer or 0


def _sentence(error: Exception) -> str:
    """Say what came, where, and what would be right."""
    if hasattr(error, "errors"):  # pydantic's
        first = error.errors()[0]
        ours = first.get("ctx", {}).get("error")
        field = next((one for one in reversed(first["loc"]) if isinstance(one, str)), "it")
        allowed = first["msg"].replace("Input", "it", 1)
        return str(ours) if ours else f"{field} is {first['input']!r}; {allowed}"
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename} cannot be used: {error.strerror}"
    return str(error)


def _remark(text: str) -> None:
    """Print one line to standard error, whatever characters the text holds."""
    line = " ".join(text.split())
    safe = (c if c.isprintable() else ascii(c)[1:-1] for c in line)
    print("".join(safe), file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
