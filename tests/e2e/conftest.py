"""A real server and a real browser.

Whatever a test does, its pages must report no error and ask no other host for anything, and the
server must log no traceback.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).parents[2]
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
# Opened below the root, Streamlit asks first whether its server stands there, and is told no.
PROBES = ("/_stcore/health", "/_stcore/host-config")
PATIENCE = 20_000  # ms; what a test waits for comes at once, unless the machine is busy

expect.set_options(timeout=PATIENCE)


def wait_until(condition, seconds):
    """Return the first true value of a condition; None if there is none in time."""
    deadline = time.monotonic() + seconds
    while not (value := condition()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return value or None


def is_healthy(url):
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1) as answer:
            return answer.read() == b"ok"
    except OSError:
        return False


@contextmanager
def run_server(folder, log, under=(), **options):
    """Start the dashboard from a folder on a free port of this machine; stop it afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    streamlit = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
    with log.open("w") as file:
        process = subprocess.Popen(
            [*under, *streamlit], cwd=folder, stdout=file, stderr=subprocess.STDOUT, **options
        )
        try:
            up = wait_until(lambda: is_healthy(url) or process.poll() is not None, 60)
            if not up or process.poll() is not None:
                pytest.fail(f"the server did not start:\n{log.read_text()}")
            yield SimpleNamespace(url=url, pid=process.pid, log=log)
            assert process.poll() is None, (
                f"the server stopped with {process.returncode}:\n{log.read_text()}"
            )
        finally:
            process.terminate()
            process.wait(20)


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """Return the server that most tests share."""
    folder = tmp_path_factory.mktemp("server")
    log, data = folder / "log.txt", folder / "data"
    own = {"STREAMLIT_SERVER_HEADLESS": "true", "COUNTVIZ_DATA": str(data)}
    with run_server(ROOT, log, env={**os.environ, **own}) as server:
        yield server
    assert "Traceback" not in log.read_text(), log.read_text()


@pytest.fixture(scope="session")
def read_only(tmp_path_factory):
    """Return the server of a checkout that nothing can write to, run without a home.

    Its page fails when the address asks it to.
    """
    folder = tmp_path_factory.mktemp("read-only")
    checkout, scratch, log = folder / "checkout", folder / "scratch", folder / "log.txt"
    scratch.mkdir()
    for name in ("countviz", "pages", "checkpoints", ".streamlit"):
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, checkout / name, ignore=ignore)
    shutil.copy(ROOT / "app.py", checkout)
    page = checkout / "pages" / "watch.py"
    fail = "\nif 'fail' in st.query_params:\n    raise RuntimeError('found /etc/secret')\n"
    page.write_text(page.read_text() + fail)
    subprocess.run(["chmod", "-R", "a-w", checkout], check=True)
    home = checkout / "no" / "home"
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "TMPDIR": str(scratch)}
    # Permissions bind root, too, once it lacks the capability to override them.
    under = ["setpriv", "--bounding-set=-dac_override"] if os.getuid() == 0 else []
    touched = subprocess.run([*under, "touch", checkout / "new"], stderr=subprocess.DEVNULL)
    assert touched.returncode, "the checkout can still be written to"
    try:
        with run_server(checkout, log, under, env=environment) as server:
            yield server
    finally:
        subprocess.run(["chmod", "-R", "u+w", checkout], check=True)


@pytest.fixture(scope="session")
def browser(browser_path):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def desktop(browser):
    """Return the context of all ordinary pages; they load Streamlit's scripts once."""
    return browser.new_context(**DESKTOP)


@pytest.fixture
def open_page(browser, desktop):
    """Return what opens a page, and see that no page had an error or asked another host.

    A page's ``socket`` is the connection to its server.
    """
    pages, wrong = [], []

    def meet(page, socket, local, on_frame):
        page.socket = socket
        if not socket.url.startswith(local):
            wrong.append(f"asked {socket.url}")
        if on_frame:
            socket.on("framesent", lambda frame: on_frame(frame))

    def open_page(url, on_frame=None, **options):
        origin = "/".join(url.split("/")[:3])
        local = (f"{origin}/", f"blob:{origin}/", "data:", origin.replace("http", "ws"))
        context = browser.new_context(**{**DESKTOP, **options}) if options else desktop
        page = context.new_page()
        pages.append(page)
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
        page.on("crash", lambda: wrong.append("the page crashed"))
        page.on("dialog", lambda dialog: (wrong.append("a dialog"), dialog.dismiss()))
        page.on(
            "console",
            lambda line: (
                line.type == "error"
                and not line.location["url"].endswith(PROBES)
                and wrong.append(f"console: {line.text}")
            ),
        )
        page.on(
            "request",
            lambda asked: asked.url.startswith(local) or wrong.append(f"asked {asked.url}"),
        )
        page.on("websocket", lambda socket: meet(page, socket, local, on_frame))
        page.goto(url)
        return page

    yield open_page
    for page in pages:
        page.close() if page.context is desktop else page.context.close()
    assert not wrong


@pytest.fixture
def open_watch(open_page):
    """Return what opens Watch and waits until the page is done and the player shows something.

    On a machine that has never run countviz this includes the compilation of the kernels.
    """

    def open_watch(url, **options):
        page = open_page(url, **options)
        page.locator("[data-countviz-player][data-position]").wait_for(timeout=90_000)
        page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
        return page

    return open_watch


@pytest.fixture
def watch(open_watch, server):
    """Return what opens Watch at an address of the server that most tests share."""
    return lambda address="", **options: open_watch(f"{server.url}/{address}", **options)
