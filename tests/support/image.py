"""The image of the Containerfile, run as `compose.yaml` has it run, without an engine of containers.

`make container` builds the image. What an engine would do is done here with the kernel's own means: the root mounted
for reading only, `/config` too, `/data` writable, `/run/secrets`, a fresh `/tmp`, namespaces of its own for mounts,
processes and the network (so that its daemon is process 1, and reaches nobody), the image's user, no capability.
"""

from __future__ import annotations

import json
import secrets
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psutil

from tests.support.docs import ROOT

BUILT: Final = ROOT / "build" / "container"
BUILDAH: Final = ("buildah", "--root", str(BUILT / "storage"), "--runroot", str(BUILT / "run"))
IMAGE: Final = "localhost/reminder"
MARK: Final = "REMINDER_CONTAINER"
"""In the environment of what runs in a container: which session of tests started it."""
APART: Final = (
    *("setpriv", "--pdeathsig", "KILL", "unshare", "--pid", "--fork", "--kill-child"),
    *("unshare", "--mount", "--pid", "--net", "--fork", "--kill-child"),
)
"""What runs a command as process 1 of namespaces of its own, which end with whoever started it.

Two `unshare`, since the kernel forgets whose death is to kill a process that becomes another user: a daemon would stay.
The first process of the outer namespace stays root; when it ends, so does all that is within.
"""
PATIENCE: Final = 90.0
"""Seconds until what should have come long ago is given up."""

SESSION: Final = secrets.token_hex(8)

LOOPBACK_UP: Final = (
    "import fcntl, socket, struct; "
    "fcntl.ioctl(socket.socket(), 0x8914, struct.pack('16sh14x', b'lo', 0x41))"  # SIOCSIFFLAGS: IFF_UP | IFF_RUNNING
)

MOUNTED: Final = """
set -e
mount --bind "$ROOT" "$ROOT"
mount -o remount,ro,bind "$ROOT"
mount --bind "$PLACE/data" "$ROOT/data"
mount --bind "$PLACE/config" "$ROOT/config"
mount -o remount,ro,bind "$ROOT/config"
mount -t tmpfs tmpfs "$ROOT/run"
mkdir "$ROOT/run/secrets"
mount --bind "$PLACE/secrets" "$ROOT/run/secrets"
mount -t tmpfs tmpfs "$ROOT/tmp"
mount --rbind /dev "$ROOT/dev"
mount -t proc proc "$ROOT/proc"
"$PYTHON" -c "$LOOPBACK_UP"
exec chroot "$ROOT" /usr/bin/env --ignore-environment /usr/bin/setpriv --reuid="$UID_" --regid="$GID_" --clear-groups \
    --bounding-set=-all --inh-caps=-all --no-new-privs /usr/bin/env "$@"
"""


@dataclass(frozen=True)
class Image:
    """The image: its file system, where it is mounted, and its config as the image's own file says it."""

    root: Path
    config: Mapping[str, Any]


@contextmanager
def mounted_image() -> Iterator[Image]:
    """Mount the image that `make container` has built; at its end nothing of it may run any more."""
    container = _said(*BUILDAH, "from", "--pull-never", IMAGE)
    try:
        root = Path(_said(*BUILDAH, "mount", container))
        yield Image(root, json.loads(_said(*BUILDAH, "inspect", "--type", "image", IMAGE))["Docker"]["config"])
    finally:
        left = end_what_is_left()
        _said(*BUILDAH, "umount", container)
        _said(*BUILDAH, "rm", container)
    assert left == []


def end_what_is_left() -> list[str]:
    """End the processes of this session's containers that still run; return what they are."""
    left = [process for process in psutil.process_iter() if _is_ours(process)]
    said = [f"{process.pid} {process.name()}" for process in left]
    for process in left:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(left, PATIENCE)
    return said


def _is_ours(process: psutil.Process) -> bool:
    try:
        return process.environ().get(MARK) == SESSION and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


@dataclass
class Container:
    """A container in the making: the folders that are mounted into it, and who it runs as."""

    image: Image
    place: Path
    user: str = ""
    environ: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.user = self.user or self.image.config["User"]
        for name in ("config", "data", "secrets"):
            (self.place / name).mkdir()
        (self.place / "data").chmod(0o777)

    @property
    def data(self) -> Path:
        """Return the folder that is mounted at /data."""
        return self.place / "data"

    def write(self, config: str) -> None:
        """Write the config, for everybody to read."""
        (self.place / "config" / "config.yaml").write_text(config)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the program to its end, in a container of its own beside the daemon's."""
        return self.execute(*self.image.config["Entrypoint"], *arguments)

    def execute(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run any command of the image to its end."""
        return subprocess.run(
            self._command(command), env=self._environ, capture_output=True, text=True, check=False, timeout=PATIENCE
        )

    @contextmanager
    def daemon(self) -> Iterator[RunningContainer]:
        """Run the image's own command, from its first wait for what is due on; what is left of it at the end is killed."""
        command = self._command([*self.image.config["Entrypoint"], *self.image.config["Cmd"]])
        with subprocess.Popen(command, env=self._environ, stderr=subprocess.PIPE, text=True) as process:
            running = RunningContainer(process)
            try:
                running.read_until(" waiting ")
                yield running
            finally:
                process.kill()  # the outer `unshare` takes all that it holds with it

    def _command(self, command: Sequence[str]) -> list[str]:
        environ = [*self.image.config["Env"], *(f"{name}={value}" for name, value in self.environ.items())]
        return [*APART, "/bin/sh", "-c", MOUNTED, "sh", f"{MARK}={SESSION}", *environ, *command]

    @property
    def _environ(self) -> dict[str, str]:
        uid, _, gid = self.user.partition(":")
        return {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "ROOT": str(self.image.root),
            "PLACE": str(self.place),
            "PYTHON": sys.executable,
            "LOOPBACK_UP": LOOPBACK_UP,
            "UID_": uid,
            "GID_": gid,
        }


@dataclass
class RunningContainer:
    """A container that runs: its log so far, and process 1 in it."""

    process: subprocess.Popen[str]
    log: str = ""

    @property
    def first(self) -> psutil.Process:
        """Return its process 1."""
        (within,) = psutil.Process(self.process.pid).children()
        (first,) = within.children()
        return first

    def read_until(self, words: str) -> None:
        """Read its log until a line has these words. Raises AssertionError where it ends without."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.log += line
            if words in line:
                return
        raise AssertionError(f"no {words!r} in {self.log}")

    def ask(self, url: str) -> str:
        """Return the status and the body of what the container answers to a GET in its own network."""
        script = f"import urllib.request as r; a = r.urlopen({url!r}); print(a.status, a.read().decode())"
        return _said("nsenter", f"--net=/proc/{self.first.pid}/ns/net", sys.executable, "-c", script)

    def stop(self, signal: int) -> int:
        """Send process 1 a signal, read what it says to its end, and return its exit status."""
        assert self.process.stderr is not None
        self.first.send_signal(signal)
        self.log += self.process.stderr.read()
        return self.process.wait(PATIENCE)


def _said(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{shlex.join(command)}: {done.stderr}"
    return done.stdout.strip()
