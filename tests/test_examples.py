"""The notebooks: every cell is run, from top to bottom, as a reader would."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*.ipynb"))


@pytest.mark.parametrize("notebook", EXAMPLES, ids=lambda path: path.stem)
def test_a_notebook_runs_from_top_to_bottom_and_is_kept_without_its_outputs(notebook, tmp_path):
    cells = [one for one in json.loads(notebook.read_text())["cells"] if one["cell_type"] == "code"]
    assert len(cells) > 3
    assert not any(one["outputs"] for one in cells)
    script = tmp_path / "cells.py"
    script.write_text("\n".join("".join(one["source"]) for one in cells), encoding="utf-8")
    command = [sys.executable, "-W", "error", script]
    done = subprocess.run(command, cwd=notebook.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") >= 5
