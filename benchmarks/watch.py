"""The page Watch in a browser: how soon it appears, follows the keys, and how smoothly it plays.

Everything is timed as the person in front of it would: a figure counts once its canvas holds
pixels, a redraw from the key's event to the frame in which the new drawing is on the screen. The
server and the browser share the processor. The status is 1 if a target is missed.

    python -m benchmarks.watch [--cold] [--quick] [--json]
"""

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import numpy as np
import streamlit
from playwright.sync_api import Browser, ElementHandle, Page, Request, WebSocket, sync_playwright

from benchmarks.classroom import serve
from benchmarks.figures import Figure, report
from countviz.languages.dyck1 import uniform_member

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
EDITED = 200  # symbols
DEBOUNCE = 300  # ms that the string field waits for a further key
PLAYED, SPEED, SECONDS = 2_000, 120, 3  # symbols, symbols a second, how long it is watched
LONG_FRAME = 25  # ms
NOTICE = "Compiling the counting kernels"
PATIENCE = 120_000  # ms after which a page that shows nothing is an error

# Runs before the page's own scripts: when was the last key, and when was the server told something?
LISTEN = """
window.seen = { key: 0, drawn: 0, sent: [] };
addEventListener("keydown", (event) => (seen.key = event.timeStamp), true);
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (data) {
  seen.sent.push(performance.now());
  return send.call(this, data);
};
"""
HAS_PIXELS = """(canvas) => {
  const small = new OffscreenCanvas(64, 64).getContext("2d");
  if (canvas.width && canvas.height) small.drawImage(canvas, 0, 0, 64, 64);
  return small.getImageData(0, 0, 64, 64).data.some((value) => value > 0);
}"""
# The player describes a new record for screen readers in the task that draws it; the timer set in
# the next frame fires when that frame is done.
NOTE_DRAWINGS = """(canvas) => new MutationObserver(() =>
  requestAnimationFrame(() => setTimeout(() => (seen.drawn = performance.now())))
).observe(canvas, { attributeFilter: ["aria-label"] })"""
IS_DRAWN = "seen.drawn > seen.key"
READ_EDIT = """() => {
  const { key, drawn, sent } = seen;
  return { whole: drawn - key, waited: sent.find((time) => time > key) - key };
}"""
# Play for a while, or only look if `press` is false; the other frames are counted beside.
PLAY = """async (root, [press, seconds]) => {
  const button = root.querySelector(".play"), told = seen.sent.length;
  const before = Number(root.dataset.frames), stamps = [];
  if (press) button.click();
  await new Promise((done) => {
    const note = (now) => {
      stamps.push(now);
      if (now - stamps[0] < 1000 * seconds) requestAnimationFrame(note);
      else done();
    };
    requestAnimationFrame(note);
  });
  const sent = seen.sent.length - told;
  if (press) button.click();
  const frames = root.dataset.frames - before, position = Number(root.dataset.position);
  return { stamps, sent, frames, position, rows: root.querySelectorAll(".name[data-row]").length };
}"""


def find_browser() -> str:
    """Return where Chromium is."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        sys.exit(f"none of {', '.join(BROWSERS)} is installed; on Debian: apt-get install chromium")
    return found


@contextmanager
def visit(browser: Browser, url: str, strangers: set[str] | None = None) -> Iterator[Page]:
    """Open a page in a browser that has never seen it; note in `strangers` whom else it asks."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    page, host, others = context.new_page(), urlsplit(url).netloc, set()
    others = others if strangers is None else strangers

    def note(asked: Request | WebSocket) -> None:
        address = urlsplit(asked.url)
        if address.netloc != host and address.scheme not in ("data", "blob"):
            others.add(asked.url)

    page.on("request", note)
    page.on("websocket", note)
    page.add_init_script(LISTEN)
    page.goto(url, wait_until="commit")
    try:
        yield page
    finally:
        context.close()


def wait_for_figure(page: Page) -> ElementHandle:
    """Wait until the player's canvas has pixels; return the player."""
    page.locator("[data-countviz-player] canvas").wait_for(state="attached")
    player = page.locator("[data-countviz-player]").element_handle()
    page.wait_for_function(HAS_PIXELS, arg=player.query_selector("canvas"))
    return player


def wait_until_idle(page: Page) -> None:
    """Wait until the page's script has ended."""
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')


def measure_starts(browser: Browser, times: int) -> list[Figure]:
    """Time from the server's start to the figure, and from a visit to the running server."""
    with serve() as (url, _), visit(browser, url) as page:
        wait_for_figure(page)  # this first start may still have to compile
    starts, visits = [], []
    for _ in range(times):
        begun = time.perf_counter()
        with serve() as (url, _):
            for seconds in (starts, visits):
                with visit(browser, url) as page:
                    wait_for_figure(page)
                    seconds.append(time.perf_counter() - begun)
                begun = time.perf_counter()
    return [
        Figure(name=f"{name} to figure, {key}", value=pick(seconds), unit="s", target=target)
        for name, seconds in (("server start", starts), ("visit", visits))
        for key, pick, target in (("median", statistics.median, 3), ("worst", max, None))
    ]


def measure_cold_start(browser: Browser) -> list[Figure]:
    """Time the first start on a computer that has never compiled the kernels."""
    begun = time.perf_counter()
    with (
        tempfile.TemporaryDirectory() as empty,
        serve(COUNTVIZ_CACHE=empty) as (url, _),
        visit(browser, url) as page,
    ):
        notice = page.get_by_text(NOTICE)
        notice.or_(page.locator("[data-countviz-player] canvas")).first.wait_for()
        noticed = notice.is_visible()
        wait_for_figure(page)
        seconds = time.perf_counter() - begun
    return [
        Figure(name="cold server start to figure", value=seconds, unit="s", target=10),
        Figure(name="notice while compiling", value=noticed, unit="seen", target=1, at_least=True),
    ]


def measure_edits(browser: Browser, url: str, edits: int) -> list[Figure]:
    """Type brackets behind a long string and time each until its drawing is on the screen."""
    rng = np.random.default_rng(2)
    wholes, waits = [], []
    with visit(browser, f"{url}/?s={uniform_member(rng, EDITED)}") as page:
        player = wait_for_figure(page)
        wait_until_idle(page)
        player.query_selector("canvas").evaluate(NOTE_DRAWINGS)
        page.locator(".st-key-s input").focus()
        page.keyboard.press("End")
        for pause in rng.uniform(200, 600, edits):
            page.wait_for_timeout(pause)
            page.keyboard.press("(")
            page.wait_for_function(IS_DRAWN)
            edit = page.evaluate(READ_EDIT)
            wholes.append(edit["whole"])
            waits.append(edit["waited"])
            wait_until_idle(page)
    rest = [whole - DEBOUNCE for whole in wholes]
    series = ("key to redraw", wholes, None), ("of it until the string is sent", waits, None)
    return [
        Figure(name=f"{name}, {key}", value=pick(times), unit="ms", target=target)
        for name, times, target in (*series, (f"key to redraw - {DEBOUNCE}", rest, 300))
        for key, pick in (
            ("median", statistics.median),
            ("p95", lambda all: np.quantile(all, 0.95)),
        )
    ]


def measure_playing(browser: Browser, url: str) -> list[Figure]:
    """Play a long string and count frames, the late ones, and what the server is told."""
    strangers, string = set(), uniform_member(np.random.default_rng(3), PLAYED)
    with visit(browser, f"{url}/?s={string}&speed={SPEED}&at=1", strangers) as page:
        player = wait_for_figure(page)
        wait_until_idle(page)
        page.wait_for_timeout(2000)  # the rest of the page is still loading
        rest = player.evaluate(PLAY, [False, 1])
        play = player.evaluate(PLAY, [True, SECONDS])
    gaps = np.diff(play["stamps"])
    if not 0 < play["position"] - SPEED * SECONDS < SPEED:
        raise RuntimeError(f"the player came to symbol {play['position']} in {SECONDS} s")
    shown, played = 1000 / np.mean(np.diff(rest["stamps"])), 1000 * (play["frames"] - 1)
    late = np.count_nonzero(gaps > LONG_FRAME)
    return [
        Figure(name="display, the page at rest", value=shown, unit="frames/s"),
        Figure(
            name=f"playing {PLAYED} symbols x {play['rows']} models at {SPEED}/s",
            value=played / gaps.sum(),
            unit="frames/s",
            target=58,
            at_least=True,
        ),
        Figure(name=f"frames longer than {LONG_FRAME} ms", value=late, unit=f"of {len(gaps)}"),
        Figure(name="longest frame", value=gaps.max(), unit="ms"),
        Figure(name="messages to the server while playing", value=play["sent"], unit="", target=0),
        Figure(name="requests to other hosts", value=len(strangers), unit="", target=0),
    ]


def main() -> int:
    """Measure, print, and return the status."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--cold", action="store_true", help="also start without compiled kernels")
    options.add_argument("--quick", action="store_true", help="fewer starts and edits")
    options.add_argument("--json", action="store_true", help="print JSON instead of a table")
    chosen = options.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        figures = measure_cold_start(browser) if chosen.cold else []
        figures += measure_starts(browser, 1 if chosen.quick else 5)
        with serve() as (url, _):
            figures += measure_edits(browser, url, 5 if chosen.quick else 20)
            figures += measure_playing(browser, url)
        version = f"Chromium {browser.version}"
    return report(figures, chosen.json, f"streamlit {streamlit.__version__}", version)


if __name__ == "__main__":
    sys.exit(main())
