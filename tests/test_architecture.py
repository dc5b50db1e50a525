"""The rules of the house, read off the sources: who may import whom, and how large things get.

A rule takes sources, as texts by path, and yields a sentence for every place that breaks it. Each
was seen to fail: `SEEN` holds a made-up source for every rule, and is at once the list of rules.
"""

import ast
import re
import subprocess
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib.util import resolve_name
from itertools import accumulate
from pathlib import Path, PurePosixPath

import pytest

FLOORS = (  # bottom to top; a module imports from its own floor or from below
    "folders durable words",
    "languages",
    "arithmetic",
    "cells",
    "engine",
    "memories specs protocols schedules packing vectors models exact exact_stacks torch_bridge",
    "weight_files history epochs families",
    "runs verdicts windows",
    "checkpoints drawn datasets published_sets corpora starts torch_cells trainers training "
    "judging next_symbols prefixes",
    "traces",
    "analysis",
    "figures",
    "studies jobs warming",
    "web",
    "pages app cli commands worker __main__",
    "countviz",  # the public face is for users: nothing of ours imports it
)
ROOMS = (
    "count",
    "failure",
    "seeds",
    "trajectory",
    "drift saturation memory",
    "why weights",
)  # of analysis
COMPILED = ("countviz/arithmetic/", "countviz/cells/", "countviz/engine/")
HOMES = {  # the only places that import a dependency
    "numba": COMPILED,
    "llvmlite": COMPILED,
    "torch": ("countviz/torch_bridge.py", "countviz/torch_cells/"),
    "safetensors": ("countviz/weight_files.py",),
    "pydantic": (
        "countviz/memories.py",
        "countviz/specs.py",
        "countviz/weight_files.py",
        "countviz/checkpoints.py",
        "countviz/jobs/orders.py",
        "countviz/jobs/check.py",
        "countviz/web/choices.py",
    ),
    "plotly": ("countviz/figures/",),
    "distributed": ("countviz/jobs/cluster.py",),
    "streamlit": ("countviz/web/", "pages/", "app.py"),
    "typer": ("countviz/cli.py", "countviz/commands/"),
    "pickle": (),
}
TRAINS = re.compile(r"countviz\.(torch_bridge|torch_cells|training)\b")
NEVER_TRAINS = ("app", "pages", "traces", "analysis", "figures", "web")
LINES = {"countviz/": 300, "app.py": 300, "pages/": 100, "tests/": 400, "benchmarks/": 400}
FUNCTION_LINES = 40
REGISTRIES = {  # where every file of a folder is imported or named
    "countviz/languages": "countviz/languages/__init__.py",
    "countviz/cells": "countviz/cells/__init__.py",
    **{f"countviz/analysis/{r}": "countviz/analysis/__init__.py" for r in " ".join(ROOMS).split()},
    "countviz/figures": "countviz/figures/__init__.py",
    "countviz/commands": "countviz/commands/__init__.py",
    "pages": "countviz/web/frame.py",
}
SUPPORT = {
    "__init__",
    "base",
    "blocks",
    "dots",
    "figure",
    "names",
    "text",
    "theme",
    "words",
}  # files that are no entry of a registry
EMPTY_NAMES = {"utils", "helpers", "common", "manager"}
BANNED_CALLS = {"eval", "exec", "torch.load"}
BANNED_OPTIONS = {"allow_pickle", "unsafe_allow_html", "parallel", "fastmath"}
MACHINE_PATH = re.compile(r"(?<![\w.~])/(work|root|tmp)/")
FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef

parse = cache(ast.parse)


def package(sources):
    """Return the syntax trees, by path, of all that runs in production."""
    ours = ("countviz/", "pages/", "app.py")
    return {p: parse(s) for p, s in sources.items() if p.endswith(".py") and p.startswith(ours)}


def name_of(path):
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def part_of(module):
    """Return the folder or file, directly within the package, that a module belongs to."""
    return module.removeprefix("countviz.").split(".")[0]


def room_of(module):
    """Return the room of the analyses that a module belongs to; "" outside of them."""
    return module.split(".")[2] if module.startswith("countviz.analysis.") else ""


def imported_names(path, tree):
    """Yield the full names of all that a module imports, inside its functions too."""
    parent = name_of(path) if path.endswith("__init__.py") else name_of(path).rpartition(".")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = resolve_name("." * node.level + (node.module or ""), parent)
            yield from (f"{base}.{alias.name}" for alias in node.names)


def import_graph(sources):
    """Return what each of our modules imports of ours, and the packages it runs on the way."""
    trees = package(sources)
    modules, graph = {name_of(path) for path in trees}, {}
    for path, tree in trees.items():
        inside = {"countviz", *accumulate(name_of(path).split("."), "{}.{}".format)}
        targets = graph[name_of(path)] = set()
        for name in imported_names(path, tree):
            way = [part for part in accumulate(name.split("."), "{}.{}".format) if part in modules]
            targets.update(way[-1:], set(way) - inside)
    return graph


def climbing_imports(sources):
    floors = {part: n for n, floor in enumerate(FLOORS) for part in floor.split()}
    graph = import_graph(sources)
    heights = {name: floors.get(part_of(name)) for name in graph}
    yield from (f"{name} stands on no floor" for name in graph if heights[name] is None)
    for name, targets in graph.items():
        for target in targets:
            if None not in (heights[name], heights[target]) and heights[target] > heights[name]:
                yield f"{name} imports {target}, which stands above it"


def climbing_rooms(sources):
    heights = {room: n for n, rooms in enumerate(ROOMS) for room in rooms.split()}
    for name, targets in import_graph(sources).items():
        own = room_of(name)
        if own and own not in heights:
            yield f"{name} stands in no room"
            continue
        for target, room in ((target, room_of(target)) for target in targets if own):
            if room and room != own and heights[room] >= heights[own]:
                yield f"{name} imports {target}, whose room is not below its own"


def circular_imports(sources):
    try:
        TopologicalSorter(import_graph(sources)).prepare()
    except CycleError as error:
        yield ", which is imported by ".join(error.args[1])


def stray_dependencies(sources):
    for path, tree in package(sources).items():
        for dependency in {name.split(".")[0] for name in imported_names(path, tree)}:
            if not path.startswith(HOMES.get(dependency, path)):
                yield f"{path} imports {dependency}"


def torch_in_the_web_process(sources):
    graph = import_graph(sources)
    for name in graph:
        routes = [[name]] if part_of(name) in NEVER_TRAINS else []
        seen = {name}
        for route in routes:  # which grows while it is read
            if TRAINS.match(route[-1]):
                yield " imports ".join(route)
            routes.extend([*route, target] for target in graph[route[-1]] - seen)
            seen |= graph[route[-1]]


def public_definitions(tree):
    for node in ast.iter_child_nodes(tree):
        if not isinstance(node, FUNCTION | ast.ClassDef):
            yield from public_definitions(node)
        elif not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):  # what stands in a function is nobody's to call
                yield from public_definitions(node)


def missing_docstrings(sources):
    for path, tree in package(sources).items():
        if not ast.get_docstring(tree):
            yield f"{path} does not say what it is"
        for node in public_definitions(tree):
            if not ast.get_docstring(node):
                yield f"{path}:{node.lineno}: {node.name} has no docstring"


def long_modules(sources):
    for path, text in sources.items():
        limit = next((n for place, n in LINES.items() if path.startswith(place)), None)
        lines = len(text.splitlines())
        if path.endswith(".py") and limit and lines > limit:
            yield f"{path} has {lines} lines; {limit} are allowed"


def span(node):
    return node.end_lineno - node.lineno + 1


def long_functions(sources):
    for path, tree in package(sources).items():
        for node in ast.walk(tree):
            if isinstance(node, FUNCTION):
                lines = span(node) - (span(node.body[0]) if ast.get_docstring(node) else 0)
                if lines > FUNCTION_LINES:
                    yield f"{path}: {node.name} has {lines} lines; {FUNCTION_LINES} are allowed"


def unregistered_files(sources):
    graph = import_graph(sources)
    for folder, registry in REGISTRIES.items():
        tree = parse(sources.get(registry, ""))
        texts = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)]
        named = {PurePosixPath(text).stem for text in texts if isinstance(text, str)} | SUPPORT
        for file in map(PurePosixPath, sources if registry in sources else ()):
            listed = file.stem in named or name_of(str(file)) in graph[name_of(registry)]
            if file.parent == PurePosixPath(folder) and file.suffix == ".py" and not listed:
                yield f"{file} is not listed in {registry}"


def figures_without_twins(sources):
    analyses = {PurePosixPath(p).name for p in sources if p.startswith("countviz/analysis/")}
    for path in map(PurePosixPath, sources):
        ours = path.parent == PurePosixPath("countviz/figures")
        if ours and path.name not in analyses and path.stem not in SUPPORT:
            yield f"{path} has no twin of its name in countviz/analysis"


def empty_names(sources):
    yield from (f"{p} has a name that says nothing" for p in sources if Path(p).stem in EMPTY_NAMES)


def banned_code(sources):
    for path, tree in package(sources).items():
        for node in ast.walk(tree):
            call = isinstance(node, ast.Call) and ast.unparse(node.func) in BANNED_CALLS
            option = isinstance(node, ast.keyword) and node.arg in BANNED_OPTIONS
            if option and ast.unparse(node.value) == "False":
                continue
            if call or option or isinstance(node, ast.Assert):
                yield f"{path}:{node.lineno}: {ast.unparse(node)}"


def machine_paths(sources):
    for path, text in sources.items():
        yield from (f"{path} holds {found[0]}" for found in MACHINE_PATH.finditer(text))


LAZY = {
    "pages/a.py": "from countviz.studies.b import c",
    "countviz/studies/__init__.py": "def f():\n import countviz.training",
    "countviz/studies/b.py": "",
    "countviz/training.py": "",
}
CIRCLE = {
    "countviz/cells/a.py": "from . import CELLS",
    "countviz/cells/__init__.py": "from countviz.cells import a",
}
UP = {"countviz/traces.py": "def f(): from countviz.web import b", "countviz/web/b.py": ""}
FACE = {"countviz/cli.py": "from countviz import load", "countviz/__init__.py": ""}
ROOM = {
    "countviz/analysis/count/a.py": "from countviz.analysis.why.b import c",
    "countviz/analysis/why/b.py": "",
}
PUBLIC = "'''A.'''\nclass C:\n 'Say.'\n @njit\n def g(self): ...\n def _h(self): ..."
LONG = "def f():\n '''A\n b'''\n" + " 1\n" * 40
CELL = {"countviz/cells/a.py": "", "countviz/cells/__init__.py": "from countviz.cells.b import B"}
FRAME = {"pages/a.py": "", "pages/b.py": "", "countviz/web/frame.py": "Page('pages/b.py')"}
SEEN = [
    (climbing_imports, UP, "countviz.traces imports countviz.web.b, which stands above it"),
    (climbing_imports, FACE, "countviz.cli imports countviz, which stands above it"),
    (climbing_imports, {"countviz/odd.py": ""}, "countviz.odd stands on no floor"),
    (
        climbing_rooms,
        ROOM,
        "why.b, whose room is not below its own",
    ),
    (climbing_rooms, {"countviz/analysis/x/a.py": ""}, "analysis.x.a stands in no room"),
    (circular_imports, CIRCLE, "countviz.cells.a, which is imported by countviz.cells"),
    (stray_dependencies, {"app.py": "import torch.nn"}, "app.py imports torch"),
    (stray_dependencies, {"app.py": "from pickle import load"}, "app.py imports pickle"),
    (torch_in_the_web_process, LAZY, "pages.a imports countviz.studies imports countviz.training"),
    (missing_docstrings, {"app.py": "x = 1"}, "app.py does not say what it is"),
    (missing_docstrings, {"app.py": PUBLIC}, "app.py:5: g has no docstring"),
    (long_modules, {"pages/a.py": "\n" * 101}, "pages/a.py has 101 lines; 100 are allowed"),
    (long_functions, {"app.py": LONG}, "app.py: f has 41 lines; 40 are allowed"),
    (unregistered_files, FRAME, "pages/a.py is not listed in countviz/web/frame.py"),
    (unregistered_files, CELL, "countviz/cells/a.py is not listed"),
    (figures_without_twins, {"countviz/figures/a.py": ""}, "has no twin of its name"),
    (empty_names, {"tests/helpers.py": ""}, "tests/helpers.py has a name that says nothing"),
    (banned_code, {"app.py": "assert x"}, "app.py:1: assert x"),
    (banned_code, {"app.py": "torch.load(x)"}, "app.py:1: torch.load(x)"),
    (banned_code, {"app.py": "f(fastmath={'nnan'})"}, "app.py:1: fastmath={'nnan'}"),
    (machine_paths, {"a.md": "see /TMP/x".lower()}, "a.md holds /"),
]


def read_sources():
    """Return every text that is committed or would be; without git, every text there is."""
    root = Path(__file__).parents[1]
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)
        files = {root / line for line in listed.stdout.splitlines()}
    except (OSError, subprocess.CalledProcessError):
        files = {*root.glob("*"), *root.glob("[!.]*/**/*")}
    sources = {}
    for file in sorted(filter(Path.is_file, files)):
        try:
            sources[file.relative_to(root).as_posix()] = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # weights
    return sources


SOURCES = read_sources()


def test_the_sources_are_found():
    assert {"countviz/__init__.py", "tests/test_architecture.py"} <= SOURCES.keys()


@pytest.mark.parametrize("rule", dict.fromkeys(rule for rule, _, _ in SEEN))
def test_the_sources_have_no(rule):
    found = list(rule(SOURCES))
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("rule", "sources", "sentence"), SEEN)
def test_there_would_be_notice_of(rule, sources, sentence):
    assert any(sentence in found for found in rule(sources))
