"""The server: what it answers, what it refuses, and under which conditions it starts."""

import http.client
import math
import os
import re
import socket
import urllib.request
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect


@pytest.mark.parametrize("path", ["/", "/watch", "/_stcore/health", "/_stcore/nothing"])
def test_every_answer_has_the_security_headers(server, path):
    with closing(http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=10)) as connection:
        connection.request("GET", path)
        headers = connection.getresponse().headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]


def open_session(server, origin, host=None):
    """Knock as a page of an origin would, that calls the server by a host name."""
    own = urlsplit(server.url)
    address = f"ws://{host or own.netloc}/_stcore/stream"
    reached = socket.create_connection((own.hostname, own.port), timeout=10)
    with connect(address, sock=reached, origin=origin, subprotocols=["streamlit"]) as session:
        return session.response.status_code


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1.evil.example"])
def test_a_page_of_another_site_cannot_open_a_session(server, origin):
    with pytest.raises(InvalidStatus) as refused:
        open_session(server, origin)
    assert refused.value.response.status_code == 403


def test_a_page_of_this_server_can_open_a_session(server):
    assert open_session(server, server.url) == 101


def test_a_site_whose_name_was_pointed_at_this_machine_cannot_open_a_session(server):
    with pytest.raises(InvalidStatus) as refused:
        open_session(server, "http://evil.example", host="evil.example")
    assert refused.value.response.status_code == 403


def test_the_longest_string_fits_into_an_address(server):
    with urllib.request.urlopen(f"{server.url}/?s={'(' * 20_000}", timeout=10) as answer:
        assert answer.status == 200


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="reads Linux's /proc")
def test_the_web_process_never_imports_torch(server, open_watch):
    open_watch(server.url)
    maps = Path(f"/proc/{server.pid}/maps").read_text()
    assert "numpy" in maps
    assert "libtorch" not in maps


@pytest.mark.skipif(os.name != "posix", reason="takes away POSIX permissions")
def test_it_runs_read_only_without_a_home(read_only, open_watch):
    page = open_watch(read_only.url)
    expect(page.locator(".st-key-answer")).to_contain_text("of four models")
    assert "Traceback" not in read_only.log.read_text()


@pytest.mark.skipif(os.name != "posix", reason="takes away POSIX permissions")
def test_an_unexpected_error_is_a_code_to_people_and_a_traceback_in_the_log(read_only, open_page):
    page = open_page(f"{read_only.url}/?fail=1")
    said = page.get_by_test_id("stAlert").last
    expect(said).to_contain_text("CV-900", timeout=90_000)
    code = re.search(r"CV-900-[0-9a-f]{8}", said.inner_text())[0]
    for clue in ("secret", "Traceback", "RuntimeError", "watch.py", "checkout/"):
        assert clue not in page.content()
    log = read_only.log.read_text()
    assert code in log
    assert "RuntimeError: found /etc/secret" in log


def run_page(session, widgets=()):
    """Ask a session for a run of the page, as the browser does; return what it draws."""
    asked = BackMsg()
    asked.rerun_script.widget_states.widgets.extend(widgets)
    session.send(asked.SerializeToString())
    drawn = []
    while True:
        message = ForwardMsg.FromString(session.recv(timeout=90))
        if message.WhichOneof("type") == "script_finished":
            return drawn
        drawn.append(message.delta)


def test_a_forged_number_is_answered_with_a_code(read_only):
    address = f"ws://{urlsplit(read_only.url).netloc}/_stcore/stream"
    with connect(address, origin=read_only.url, subprotocols=["streamlit"]) as session:
        chips = [delta.add_block.popover.id for delta in run_page(session)]
        chip = next(name for name in chips if name.endswith("chip-0"))
        opened = WidgetState(id=chip, bool_value=True)
        inputs = [delta.new_element.number_input.id for delta in run_page(session, [opened])]
        forged = WidgetState(id=next(filter(None, inputs)), double_value=math.nan)
        drawn = [delta.new_element for delta in run_page(session, [opened, forged])]
        assert re.search(r"CV-900-[0-9a-f]{8}", " ".join(one.alert.body for one in drawn))
        assert not [one for one in drawn if one.exception.message]
        assert run_page(session)
