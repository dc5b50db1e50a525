"""Turns: one run at a time, unless it is slow, waits for something else, or fails."""

import threading

import pytest

from countviz.web import turns


def run_beside(function):
    """Run a function in another thread; return the thread and an event that it has begun."""
    begun = threading.Event()

    def work():
        with turns.take_turn():
            begun.set()
            function()

    thread = threading.Thread(target=work)
    thread.start()
    return thread, begun


def is_free():
    return not turns._TURN.locked()


def test_a_turn_is_given_back_even_by_a_run_that_fails():
    with pytest.raises(ZeroDivisionError), turns.take_turn():
        1 / is_free()
    assert is_free()


def test_who_waits_for_something_else_lets_others_go_first():
    with turns.take_turn():
        with turns.step_aside():
            thread, begun = run_beside(lambda: None)
            thread.join()
            assert begun.is_set()
        assert not is_free()
    assert is_free()


def test_nobody_waits_long_for_a_slow_run():
    release = threading.Event()
    thread, begun = run_beside(release.wait)
    begun.wait()
    with turns.take_turn(), turns.step_aside():
        assert not is_free()  # the slow run has it still
    release.set()
    thread.join()
    assert is_free()


def test_without_a_turn_there_is_none_to_be_given_back():
    with turns.take_turn():
        thread = threading.Thread(target=lambda: turns.step_aside().__enter__())
        thread.start()
        thread.join()
        assert not is_free()
