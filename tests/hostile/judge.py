# SPDX-License-Identifier: MIT
"""What `random` and `large` have in common: a run of the command, and what is wrong with it.
No signal, no hang, memory within bounds, an exit status that means what it says; C compiles,
JSON and YAML are read back as what they are, units and graphs are accepted, a profile is read
again; nothing reaches a terminal unescaped."""
import json
import os
import pty
import re
import shutil
import subprocess
import sys
import threading

S2S = os.path.realpath(os.environ["S2S"])
OPTIONS = dict(a[2:].partition("=")[::2] for a in sys.argv[1:])
MEMORY = 0 if "no-memory" in OPTIONS else 300 << 10  # KiB of one process
HANG = 60  # seconds
FORMATS = ["c", "bpf-c", "bpf-text", "bpf", "oci", "spo", "systemd", "firejail", "minijail",
           "kafel", "profile", "dot"]


class Ran:
    """What a command did: its status, what it wrote, how much memory it took (KiB)."""

    def __init__(self, args, terminal=False):
        out_r, out_w = os.pipe()
        err_r, err_w = pty.openpty() if terminal else os.pipe()
        child = subprocess.Popen([S2S, *args], stdin=subprocess.DEVNULL, stdout=out_w,
                                 stderr=err_w)
        os.close(out_w)
        os.close(err_w)
        self.text = {}
        readers = [threading.Thread(target=self.read, args=(fd,)) for fd in (out_r, err_r)]
        killer = threading.Timer(HANG, child.kill)
        for thread in [*readers, killer]:
            thread.start()
        _, status, used = os.wait4(child.pid, 0)
        killer.cancel()
        for thread in readers:
            thread.join()
        child.returncode = self.status = os.waitstatus_to_exitcode(status)
        self.kib, self.out, self.err = used.ru_maxrss, self.text[out_r], self.text[err_r]

    def read(self, fd):
        parts = []
        try:
            while part := os.read(fd, 1 << 16):
                parts.append(part)
        except OSError:  # the other end of a terminal is gone
            pass
        os.close(fd)
        self.text[fd] = b"".join(parts)


def accepted(command, text):
    done = subprocess.run(command, input=text, capture_output=True, timeout=HANG, check=False)
    return None if done.returncode == 0 else "%s: %r" % (command[0], (done.stderr or
                                                                     done.stdout)[:300])


def fault_of_c(text):
    bare = re.sub(rb'/\*.*?\*/|//[^\n]*|"(\\.|[^"\\\n])*"', b" ", text, flags=re.S)
    if b"MARK" in bare or b"??" in text:
        return "leaves its comment"
    # of another architecture, which it refuses to be compiled for
    text = re.sub(rb'^#error "this policy is for \w+"$', b"", text, flags=re.M)
    return accepted(["cc", "-Wall", "-Wextra", "-Werror", "-Wcomment", "-trigraphs",
                     "-fsyntax-only", "-xc", "-"], text)


def fault_of_yaml(text):
    try:
        import yaml
    except ImportError:
        return None
    resource = yaml.safe_load(text)
    if resource["kind"] != "SeccompProfile" or "MARK" in resource or "MARK" in resource["spec"]:
        return "is another resource"
    return None


def fault_of_unit(text):
    if not shutil.which("systemd-analyze"):
        return None
    with open("t.service", "wb") as f:
        f.write(text + b"\n[Service]\nExecStart=/bin/true\n")
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", "./t.service"], check=False,
                          capture_output=True, timeout=HANG)
    # an older systemd does not know newer calls
    said = [line for line in done.stderr.splitlines()
            if b"t.service" in line and b"Failed to parse system call, ignoring" not in line]
    return "systemd-analyze: %r" % said[0][:300] if said else None


def lines_like(pattern):
    def fault(text):
        for line in text.splitlines():
            if not re.fullmatch(pattern, line):
                return "a line of another kind: %r" % line[:100]
        return None
    return fault


def fault_of_profile(text):
    with open("again", "wb") as f:
        f.write(text)
    again = Ran(["merge", "again"])
    return None if again.out == text else "is read as another: %r" % again.err[:300]


def fault_of_bpf(text):
    with open("filter", "wb") as f:
        f.write(text)
    again = Ran(["convert", "-f", "bpf-text", "filter"])
    return None if again.status == 0 else "is refused: %r" % again.err[:300]


def fault_of_json(text):
    return None if isinstance(json.loads(text), dict) else "is no object"


CHECKS = {
    "c": fault_of_c, "bpf-c": fault_of_c, "oci": fault_of_json, "spo": fault_of_yaml,
    "systemd": fault_of_unit, "profile": fault_of_profile, "bpf": fault_of_bpf,
    "dot": lambda text: accepted(["dot", "-Tcanon"], text) if shutil.which("dot") else None,
    "firejail": lines_like(rb"(#.*|nonewprivs|seccomp[a-z0-9.-]*( .*)?|)"),
    "minijail": lines_like(rb"(#.*|@?\w+: .*|)"),
    "kafel": lines_like(rb"(?!MARK).*"), "bpf-text": lines_like(rb"(?!MARK).*"),
}


def plain(text):
    return all(c in (9, 10) or 32 <= c < 127 for c in text)


def without_progress(text):
    return text.replace(b"\r\n", b"\n").replace(b"\x1b[K", b"").replace(b"\r", b"")


def fault_of(args, fmt, done, terminal, most):
    if done.status not in (0, 1, 2, 3, 4):
        return "ends with %d" % done.status
    if done.status == 4 and not re.search(rb"kernel takes|fit|--max-distinct|64|--level", done.err):
        return "ends with 4: %r" % done.err[-300:]
    if done.status == 1 and args[0] != "verify":
        return "answers no"
    if most and done.kib > most:
        return "takes %d KiB" % done.kib
    if not plain(without_progress(done.err) if terminal else done.err):
        return "a byte that is not plain on standard error"
    if done.status == 0 and b"error: " in done.err:
        return "says error and ends with 0: %r" % done.err[:200]
    if done.status > 1:
        if b"error: " not in done.err and b"Usage" not in done.err and done.status != 2:
            return "ends with %d and does not say why" % done.status
        return "an output in spite of an error" if fmt and done.out else None
    if args[0] == "parse":
        for line in done.out.splitlines():
            json.loads(line)
    if fmt != "bpf" and not plain(done.out):
        return "a byte that is not plain"
    return CHECKS[fmt](done.out) if fmt and args[0] != "verify" else None


def judge(args, fmt, done, terminal=False, most=MEMORY):
    """What is wrong, or None."""
    try:
        return fault_of(args, fmt, done, terminal, most)
    except Exception as e:  # a reader's of the output
        return "cannot be read: %r" % e


def prepare():
    """A log, a filter and a profile that are as they should be, in the current folder."""
    with open("good.strace", "w") as f:
        f.write("read(3, \"\", 1) = 0\nexit_group(0) = ?\n")
    for fmt in ("bpf", "profile"):
        subprocess.run([S2S, "generate", "-f", fmt, "-o", "good." + fmt, "good.strace"],
                       check=True)
