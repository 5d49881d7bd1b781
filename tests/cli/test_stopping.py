"""A signal is heard whenever it comes, and only sets a flag."""

from __future__ import annotations

import signal
import threading
import time

import pytest

from engine.cli.stopping import Stop, until_told


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_asks_to_stop_and_the_next_would_end(
    number: signal.Signals, capfd: pytest.CaptureFixture[str]
):
    before = signal.getsignal(number)
    with until_told() as stop:
        assert not stop.is_set()
        signal.raise_signal(number)
        assert stop.is_set() and stop.wait()
        assert signal.getsignal(number) is signal.SIG_DFL
    assert signal.getsignal(number) is before
    assert capfd.readouterr().err == f"{number.name}: stopping after the step at work\n"


def test_a_signal_that_wakes_nobody_ends_the_wait_all_the_same():
    """Taken by another thread, it interrupts no call of the main one, like one that came just before."""
    with until_told() as stop:
        over = threading.Event()

        def take() -> None:
            time.sleep(0.1)
            signal.pthread_kill(threading.get_ident(), signal.SIGTERM)
            over.wait()

        thread = threading.Thread(target=take)
        thread.start()
        assert stop.wait()
        over.set()
        thread.join()


def test_a_wait_ends_with_its_time():
    stop = Stop()
    assert not stop.wait(0.01)
    threading.Timer(0.05, stop.set).start()
    assert stop.wait()
