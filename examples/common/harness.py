# SPDX-License-Identifier: MIT
"""Starts a server of the examples, talks to it, and looks at its processes from outside.
A workload that gets an answer it does not expect ends with an AssertionError."""
import atexit
import os
import re
import resource
import shlex
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

PATIENCE = 30  # seconds, for what should happen at once on an idle machine


def until(what, condition, patience=PATIENCE):
    """Waits until condition() is true, and returns what it returned."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        got = condition()
        if got:
            return got
        time.sleep(0.01)
    raise AssertionError(f"waited in vain: {what}")


def children(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as f:
            return [int(child) for child in f.read().split()]
    except FileNotFoundError:
        return []


def field(pid, name):
    """A line of /proc/PID/status, without its name."""
    with open(f"/proc/{pid}/status", encoding="ascii") as f:
        return re.search(rf"^{name}:[ \t]*(.*?) *$", f.read(), re.M)[1]


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as f:
        ticks = f.read().rsplit(")", 1)[1].split()[11:13]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


started = []


def clean_up():
    """Where the workload fails, servers and tracers must not stay."""
    for process in started:
        if process.poll() is None:
            for pid in children(process.pid) + [process.pid]:
                os.kill(pid, signal.SIGKILL)
            process.wait()


atexit.register(clean_up)
signal.signal(signal.SIGTERM, lambda sig, frame: sys.exit(1))


class Command:
    """Words of a shell; {} in them is the number of the run, so that the logs of a tracer
    get names of their own."""

    runs = 0

    def __init__(self, text):
        self.words = shlex.split(text)

    def words_of_run(self):
        Command.runs += 1
        return [word.replace("{}", str(Command.runs)) for word in self.words]


class Server:
    def __init__(self, command, *options):
        # The name of the program: the command may have a tracer in front of it.
        self.name = os.path.basename(command.words[-1])
        self.errors = tempfile.TemporaryFile()
        outside = os.open("/", os.O_RDONLY)  # should not stay open in any server
        self.process = subprocess.Popen(
            command.words_of_run() + list(options), pass_fds=[outside],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.errors)
        os.close(outside)
        started.append(self.process)
        line = self.process.stdout.readline().decode()
        found = re.search(r"listening on 127\.0\.0\.1:(\d+)\n", line)
        assert found, f"the server did not start: {line!r} {self.complaints()!r}"
        self.port = int(found[1])
        self.pid = until("the server's process", self.find)
        self.traced = self.pid != self.process.pid
        self.at_rest = self.descriptors()
        assert "/" not in self.at_rest.values(), self.at_rest

    def find(self):
        pids = [self.process.pid]
        while pids:
            pid = pids.pop()
            with open(f"/proc/{pid}/cmdline", "rb") as f:
                if os.path.basename(f.read().split(b"\0")[0].decode()) == self.name:
                    return pid
            pids += children(pid)
        return None

    def connect(self):
        s = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return s

    def children(self):
        return children(self.pid)

    def descriptors(self, pid=None):
        folder = f"/proc/{pid or self.pid}/fd"
        return {fd: os.readlink(f"{folder}/{fd}") for fd in os.listdir(folder)}

    def complaints(self):
        self.errors.seek(0)
        return self.errors.read().decode()

    def expect_rest(self):
        """No child is left, not as a zombie either, and no descriptor."""
        until("the end of the children", lambda: not self.children())
        assert self.descriptors() == self.at_rest, self.descriptors()

    def end(self, sig=signal.SIGTERM):
        os.kill(self.pid, sig)
        status = self.process.wait(PATIENCE)
        assert status == 0, f"exit status {status}: {self.complaints()}"
        assert "forbidden" not in self.complaints(), self.complaints()
        self.process.stdout.close()


def receive_all(s):
    """What comes until the end, and whether that was an orderly one."""
    got = []
    try:
        while data := s.recv(65536):
            got.append(data)
    except ConnectionResetError:
        return b"".join(got), False
    return b"".join(got), True


def ask(server, request, pause=0.0):
    """Sends in pieces if there is to be a pause between them, ends, returns the answer."""
    with server.connect() as s:
        step = len(request) if not pause else 7
        for i in range(0, len(request), step or 1):
            s.sendall(request[i:i + step])
            time.sleep(pause)
        s.shutdown(socket.SHUT_WR)
        return receive_all(s)[0]


def abort(s):
    """The other side gets a reset."""
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    s.close()


def send_until_full(s, chunk):
    """Until the other side takes no more."""
    s.settimeout(0.5)
    sent = 0
    try:
        while sent < 1 << 26:
            sent += s.send(chunk)
    except TimeoutError:
        return sent
    raise AssertionError("the server takes everything")


def out_of_descriptors(server, request, answer):
    """The server cannot accept for a while: it must wait, not spin, and go on after."""
    _, hard = resource.prlimit(server.pid, resource.RLIMIT_NOFILE)
    highest = max(map(int, server.at_rest)) + 1
    resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (highest, hard))
    with server.connect() as s:
        s.sendall(request)
        before = cpu_seconds(server.pid)
        until("a complaint", lambda: "accept: Too many open files" in server.complaints())
        time.sleep(0.5)
        assert server.traced or cpu_seconds(server.pid) - before < 0.2, "the server spins"
        assert server.complaints().count("accept:") == 1, server.complaints()
        resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (hard, hard))
        s.shutdown(socket.SHUT_WR)
        got = receive_all(s)[0]
        assert got == answer or answer is None, got
    server.expect_rest()


def expect_limit(server, n):
    """More clients than that are there: the server serves so many, and no more."""
    until("as many children as there may be", lambda: len(server.children()) >= n)
    time.sleep(0.2)
    assert len(server.children()) == n, f"{len(server.children())} children"


def stop_and_go(server):
    """Job control interrupts whatever server and children wait in."""
    for pid in [server.pid] + server.children():
        os.kill(pid, signal.SIGSTOP)
        until("the stop", lambda pid=pid: field(pid, "State")[0] in "Tt")
        os.kill(pid, signal.SIGCONT)
        until("the end of the stop", lambda pid=pid: field(pid, "State")[0] not in "Tt")
    os.kill(server.pid, signal.SIGCHLD)
