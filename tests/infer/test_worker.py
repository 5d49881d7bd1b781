"""The child: it agrees, is replaced in time, dies alone, and never outlives its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import pytest

from engine.errors import InferenceError
from engine.infer import child, limits, process, reference
from engine.infer.correlate import correlate
from engine.infer.program import Clause, Fact, Program
from engine.infer.worker import PROGRAMS, RECYCLE, Worker
from engine.model.finding import Held

#: Above the library's limit of 512 sibling conditions: creating the ruleset never ends.
ENDLESS = 600


def program(clauses: int) -> Program:
    """One attribute a clause, in one stratum."""
    return Program(((),), (), tuple(Clause((f"x.r{n}", 0), (f"a{n}",)) for n in range(clauses)))


def facts(number: int, held: Held = Held.HELD):
    """As many areas, in each of which the first attribute holds."""
    return lambda stratum, concluded: [Fact(f"A{n}", {"a0": held}) for n in range(number)]


def answering(*replies: str) -> tuple[str, ...]:
    """The command of a child that answers every request with the next of these texts, whatever it is."""
    code = f"""if True:
        import socket, struct
        connection = socket.socket(fileno=0)
        stream = connection.makefile("rb")
        for reply in {replies!r}:
            stream.read(struct.unpack("!I", stream.read(4))[0])
            connection.sendall(struct.pack("!I", len(reply)) + reply.encode())
        stream.read(1)
    """
    return sys.executable, "-c", code


def comes(condition: Callable[[], bool]) -> bool:
    """Whether it becomes true while anybody could wait for it."""
    end = time.monotonic() + 300
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def gone(pid: int) -> bool:
    """Not even a zombie is left."""
    return not Path(f"/proc/{pid}").exists()


def at_work(pid: int) -> bool:
    """Whether the process runs, or would if it were its turn."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "R"


@pytest.fixture(scope="module")
def ample() -> float:
    """Seconds in which this machine surely starts a child and judges, even if it gets busy."""
    begun = time.monotonic()
    with Worker(seconds=300) as worker:
        worker.evaluate(program(1), facts(1))
    return max(2.0, 20 * (time.monotonic() - begun))


@pytest.fixture
def worker():
    with Worker(seconds=300) as worker:
        yield worker


def test_it_concludes_what_the_reference_does(worker):
    for held in (Held.HELD, Held.UNKNOWN):
        concluded = worker.evaluate(program(3), facts(4, held))
        assert concluded == {("x.r0", 0): dict.fromkeys(("A0", "A1", "A2", "A3"), held)}
        assert concluded == reference.evaluate(program(3), facts(4, held))


def test_nothing_of_one_judgement_is_left_for_the_next(worker):
    for number in (3, 0, 5, 1):
        assert worker.evaluate(program(2), facts(number)) == reference.evaluate(program(2), facts(number))


def test_many_programs_share_a_child(worker):
    for clauses in (1, 5, 1, 3):
        assert list(worker.evaluate(program(clauses), facts(1))) == [("x.r0", 0)]
    first = worker.pid
    worker.evaluate(program(9), facts(1))
    assert worker.pid == first


def test_more_facts_than_the_library_bears_are_judged_in_portions(worker):
    number = limits.MAX_FACTS + 1
    assert len(worker.evaluate(program(1), facts(number))[("x.r0", 0)]) == number


def test_as_many_rules_as_allowed_can_all_be_true(worker):
    every = Fact("A", {f"a{n}": Held.HELD for n in range(limits.MAX_TRUE)})
    concluded = worker.evaluate(program(limits.MAX_CLAUSES), lambda stratum, below: [every])
    assert len(concluded) == limits.MAX_TRUE


def test_threads_may_share_it(worker):
    results = []
    threads = [
        threading.Thread(target=lambda n=n: results.append(worker.evaluate(program(1), facts(n))))
        for n in range(1, 9)
    ]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(len(result[("x.r0", 0)]) for result in results) == list(range(1, 9))


class TestProcess:
    def test_it_is_replaced_after_so_many_judgements(self):
        with Worker(recycle=3) as worker:
            pids = []
            for _ in range(7):
                worker.evaluate(program(1), facts(1))
                pids.append(worker.pid)
        assert [pids.index(pid) for pid in pids] == [0, 0, 0, 3, 3, 3, 6]
        assert all(comes(partial(gone, pid)) for pid in pids)

    def test_after_500_if_nothing_else_is_said(self, worker):
        assert RECYCLE == 500
        pids = []
        for _ in range(RECYCLE + 1):
            worker.evaluate(program(1), facts(1))
            pids.append(worker.pid)
        assert len(set(pids[:RECYCLE])) == 1
        assert pids[RECYCLE] != pids[0]

    def test_closed_it_leaves_neither_child_nor_zombie(self, worker):
        worker.evaluate(program(1), facts(1))
        pid = worker.pid
        worker.close()
        assert not Path(f"/proc/{pid}").exists()
        worker.close()

    def test_one_that_will_not_end_is_killed(self):
        code = (
            f"import runpy, sys, time; serve = runpy.run_path({child.__file__!r})['main'];"
            "serve(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])); time.sleep(60)"
        )
        with Worker(command=(sys.executable, "-P", "-c", code)) as worker:
            worker.evaluate(program(1), facts(1))
            pid = worker.pid
        assert not Path(f"/proc/{pid}").exists()

    def test_it_loads_little_and_runs_one_thread(self, worker):
        worker.evaluate(program(1), facts(1))
        assert "Threads:\t1\n" in Path(f"/proc/{worker.pid}/status").read_text()
        code = (
            f"import runpy, sys; runpy.run_path({child.__file__!r})['Rules']();"
            "print({'numpy', 'sqlalchemy', 'pydantic', 'engine'} & set(sys.modules))"
        )
        done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout == "set()\n"

    def test_it_is_replaced_after_so_many_programs(self, worker):
        pids = set()
        for clauses in range(1, PROGRAMS + 2):
            worker.evaluate(program(clauses), facts(1))
            pids.add(worker.pid)
        assert len(pids) == 2

    def test_an_interrupt_from_the_terminal_is_the_parents_business(self, worker):
        worker.evaluate(program(1), facts(1))
        pid = worker.pid
        os.kill(pid, signal.SIGINT)
        worker.evaluate(program(1), facts(1))
        assert worker.pid == pid

    def test_one_that_died_while_idle_is_replaced_without_a_word(self, worker):
        worker.evaluate(program(1), facts(1))
        pid = worker.pid
        os.kill(pid, signal.SIGKILL)
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        assert worker.evaluate(program(1), facts(1)) == reference.evaluate(program(1), facts(1))
        assert worker.pid != pid


class TestFailure:
    """Each ends in an InferenceError that says what happened, and the next judgement works."""

    def failing(self, worker, message, program_=None, facts_=None):
        with pytest.raises(InferenceError, match=message):
            worker.evaluate(program_ or program(1), facts_ or facts(1))
        assert worker.pid is None

    def test_killed_in_the_middle_of_a_judgement(self, worker):
        killed = []

        def kill(stratum, concluded):
            killed.append(worker.pid)
            os.kill(worker.pid, signal.SIGKILL)
            return [Fact("A", {"a0": Held.HELD})]

        self.failing(worker, "was ended by SIGKILL", facts_=kill)
        assert comes(partial(gone, killed[0]))
        assert worker.evaluate(program(1), facts(1)) == reference.evaluate(program(1), facts(1))

    def test_hanging_inside_the_library(self, ample):
        with Worker(seconds=ample) as worker:
            self.failing(worker, "did not answer in time", program(ENDLESS))
            assert worker.evaluate(program(1), facts(1)) == reference.evaluate(program(1), facts(1))

    def test_hanging_without_ever_reading(self):
        deaf = (sys.executable, "-c", "import time; time.sleep(60)")
        large = Fact("A" * 10, {f"a{n:0200}": Held.HELD for n in range(5000)})
        with Worker(seconds=0.5, command=deaf) as worker:
            self.failing(worker, "did not answer in time", facts_=lambda stratum, concluded: [large])

    def test_hanging_up_without_ending(self):
        silent = "import os, time; os.read(0, 1); os.close(0); time.sleep(60)"
        with Worker(command=(sys.executable, "-c", silent)) as worker:
            self.failing(worker, "hung up")

    def test_out_of_memory(self):
        with Worker(memory=48 << 20) as worker:
            self.failing(worker, "MemoryError|was ended by", facts_=facts(limits.MAX_FACTS))

    def test_no_library(self):
        bare = (sys.executable, "-I", "-S", process.COMMAND[-1])
        with Worker(command=bare) as worker:
            self.failing(worker, "ModuleNotFoundError: No module named 'durable'")

    def test_no_such_program(self):
        with Worker(command=("/nowhere/python",)) as worker:
            self.failing(worker, "cannot be started")

    @pytest.mark.parametrize(
        "answer",
        [
            "null", "[]", "7", '"fired"', "{}", '{"fired": null}', '{"fired": [["f0"]]}',
            '{"fired": [["f9", 0]]}', '{"fired": [["f0", 1]]}', '{"fired": [["f0", -1]]}',
            '{"fired": [["f0", true]]}', '{"fired": [["f0", 0.0]]}', '{"fired": [[["f0"], 0]]}',
        ],
    )  # fmt: skip
    def test_an_answer_to_no_question(self, answer):
        with Worker(seconds=300, command=answering("{}", answer)) as worker:
            self.failing(worker, "answered what it was not asked")

    def test_an_answer_without_end(self):
        with Worker(seconds=300, command=answering("{}", "[" * 50_000)) as worker:
            self.failing(worker, "sent no JSON")

    def test_an_answer_larger_than_any_can_be(self):
        shout = (
            "import socket; s = socket.socket(fileno=0);"
            "s.recv(1 << 16); s.sendall(bytes([255] * 99)); s.recv(1)"
        )
        with Worker(seconds=300, command=(sys.executable, "-c", shout)) as worker:
            self.failing(worker, "announced an answer of 4,294,967,295 bytes")

    def test_no_sensible_answer(self):
        babble = (
            "import socket; s = socket.socket(fileno=0);"
            "s.recv(1 << 16); s.sendall(bytes([0, 0, 0, 2]) + b'no'); s.recv(1)"
        )
        with Worker(command=(sys.executable, "-c", babble)) as worker:
            self.failing(worker, "sent no JSON")

    def test_an_action_that_fails_is_not_swallowed(self):
        code = f"""if True:
            import runpy, sys
            names = runpy.run_path({child.__file__!r})
            def action(self, number):
                def fire(closure):
                    raise ValueError("lost")
                return fire
            names["Rules"]._action = action
            names["main"](int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))
        """
        with Worker(command=(sys.executable, "-P", "-c", code)) as worker:
            self.failing(worker, "an action failed: .*lost")

    def test_what_goes_wrong_outside_leaves_no_half_judgement(self, worker):
        def broken(stratum, concluded):
            raise KeyError("area")

        with pytest.raises(KeyError):
            worker.evaluate(program(1), broken)
        assert worker.pid is None


class TestOrphans:
    """The parent is a process of its own, killed without a chance to clean up."""

    START = "from test_worker import *; w = Worker(seconds={}); w.evaluate(program(1), facts(1));"

    @contextmanager
    def child_of(self, code: str, seconds: float) -> Iterator[tuple[subprocess.Popen[str], int]]:
        parent = subprocess.Popen(
            [sys.executable, "-c", f"{self.START.format(seconds)} print(w.pid, flush=True); {code}"],
            stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parent, start_new_session=True,
        )  # fmt: skip
        assert parent.stdout is not None
        try:
            with parent.stdout as out:
                yield parent, int(out.readline())
        finally:
            with suppress(ProcessLookupError):  # nothing of its session is left
                os.killpg(parent.pid, signal.SIGKILL)
            parent.wait()

    @pytest.mark.parametrize(
        ("code", "works"),
        [
            pytest.param("time.sleep(600)", False, id="idle: the socket is closed"),
            pytest.param("os.fork(); time.sleep(600)", False, id="idle: a fork holds the socket open"),
            pytest.param("w.evaluate(program(ENDLESS), facts(1))", True, id="hanging in the library"),
        ],
    )
    def test_the_child_does_not_outlive_its_parent(self, code, works, ample):
        with self.child_of(code, ample) as (parent, pid):
            assert comes(lambda: at_work(pid) is works)
            parent.kill()
            parent.wait()
            assert comes(partial(gone, pid))


class TestCorrelate:
    @pytest.fixture
    def judged(self, rule, topic, found, tree, now):
        rules = [
            rule("x.first", "any", [topic("theft")]),
            rule("x.second", "any", [topic("x.first")]),
            rule("x.other", "any", [topic("fire")]),
        ]
        seek = found(theft={"A": [now]}, fire={"B": [now]}, blind={"fire": "C"})
        return lambda evaluator: correlate(rules, tree, seek, at=now, evaluator=evaluator)

    def test_both_agree(self, judged, worker):
        assert judged(worker.evaluate) == judged(reference.evaluate)

    def test_where_the_child_fails_the_reference_stands_and_the_run_is_degraded(self, judged):
        with Worker(command=(sys.executable, "-c", "import os; os.kill(os.getpid(), 9)")) as worker:
            result = judged(worker.evaluate)
        assert result.degraded == "the inference process was ended by SIGKILL"
        assert result.outcomes == judged(reference.evaluate).outcomes
        assert result.disputed == frozenset()

    @pytest.mark.parametrize("area", ["A", "C"])
    def test_rules_the_two_differ_on_are_withheld_with_what_rests_on_them(self, judged, area):
        def mistaken(program, facts):
            concluded = reference.evaluate(program, facts)
            head = ("x.first", 0) if area == "A" else ("x.other", 0)
            return concluded | {head: {**concluded[head], area: Held.NOT}}

        result = judged(mistaken)
        disputed = {"x.first", "x.second"} if area == "A" else {"x.other"}
        assert (result.disputed, result.degraded) == (disputed, "")
        stand = [o for o in judged(reference.evaluate).outcomes if o.rule not in disputed]
        assert list(result.outcomes) == stand
