"""The container image, built of the Containerfile and run as compose.yaml runs it; `make container` builds it first."""

from __future__ import annotations

import re
import signal
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.support.docs import ROOT
from tests.support.image import Container, Image, mounted_image

EXAMPLE: Final = (ROOT / "config.example.yaml").read_text()
SERVED: Final = f"{EXAMPLE}\nmetrics: 9464\nweb: {{listen: 0.0.0.0:8484, address: http://localhost:8484}}\n"
EXTRAS: Final = ("articles", "metrics", "postgres", "web")
NAME: Final = re.compile(r"^[A-Za-z0-9-]+")
PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


@pytest.fixture(scope="module")
def image() -> Iterator[Image]:
    with mounted_image() as found:
        yield found


@pytest.fixture
def container(image: Image, tmp_path: Path) -> Container:
    tmp_path.chmod(0o755)
    return Container(image, tmp_path)


def test_the_image_says_what_it_is_and_how_it_is_run(image: Image) -> None:
    config = image.config
    assert (config["User"], config["Entrypoint"], config["Cmd"]) == ("10001:10001", ["reminder"], ["run"])
    assert config["StopSignal"] == "SIGTERM"
    assert list(config["Volumes"]) == ["/data"]
    assert config["Healthcheck"]["Test"] == ["CMD", "reminder", "health", "--quick"]
    labels = {name.removeprefix("org.opencontainers.image."): value for name, value in config["Labels"].items()}
    assert (labels["title"], labels["licenses"], labels["version"]) == ("reminder", "MIT", PROJECT["version"])


def test_it_holds_every_extra_and_nothing_that_built_it(container: Container) -> None:
    wanted = [
        name for extra in EXTRAS for each in PROJECT["optional-dependencies"][extra] for name in NAME.findall(each)
    ]
    asked = f"from importlib.metadata import version; [version(name) for name in {wanted}]"
    assert container.execute("/opt/reminder/bin/python", "-c", asked).stderr == ""
    unwanted = "from importlib.util import find_spec as f; print([n for n in ('hatchling', 'pip', 'pytest') if f(n)])"
    assert container.execute("/opt/reminder/bin/python", "-c", unwanted).stdout == "[]\n"
    assert container.run("--version").stdout == f"reminder {PROJECT['version']}\n"


@pytest.mark.parametrize("user", ["10001:10001", "4321:0"])
def test_the_daemon_runs_as_any_user_on_a_root_that_is_only_read_and_ends_on_sigterm(
    user: str, image: Image, tmp_path: Path
) -> None:
    tmp_path.chmod(0o755)
    container = Container(image, tmp_path, user)
    container.write(SERVED)
    assert container.run("health", "--quick").returncode == 1
    with container.daemon() as running:
        assert running.ask("http://127.0.0.1:9464/healthz") == '200 {"ok": true, "problems": []}'
        assert running.ask("http://localhost:8484/healthz") == '200 {"ok": true}'
        healthy = container.execute(*image.config["Healthcheck"]["Test"][1:])
        assert (healthy.returncode, healthy.stdout) == (0, "The daemon is at work.\n"), healthy.stderr
        assert container.execute("touch", "/etc/mine", "/config/mine", "/opt/reminder/mine").returncode == 1
        uids = {part.split()[1] for part in Path(f"/proc/{running.first.pid}/status").read_text().splitlines()
                if part.startswith("Uid")}  # fmt: skip
        capable = [line.split()[1] for line in Path(f"/proc/{running.first.pid}/status").read_text().splitlines()
                   if line.startswith("CapBnd")]  # fmt: skip
        assert (uids, int(capable[0], 16)) == ({user.partition(":")[0]}, 0)
        assert running.stop(signal.SIGTERM) == 0
    assert " stopped" in running.log.splitlines()[-1]
    made = {path.name: path.stat().st_uid for path in container.data.iterdir()}
    assert {"reminder.db", "heartbeat.json"} <= made.keys()
    assert set(made.values()) == {int(user.partition(":")[0])}


def test_sighup_has_the_config_read_again(container: Container) -> None:
    container.write(EXAMPLE)
    with container.daemon() as running:
        container.write(f"{EXAMPLE}\ncredit: true\n")
        running.first.send_signal(signal.SIGHUP)
        running.read_until("config reloaded")


def test_secrets_are_files(container: Container) -> None:
    container.write("channels: {push: 'ntfys://${MY_TOPIC}'}\nwatch: [{title: Ballard, premiere: 'July 9, 2027'}]\n")
    missing = container.run("check")
    assert (missing.returncode, "MY_TOPIC" in missing.stderr) == (2, True)
    (container.place / "secrets" / "MY_TOPIC").write_text("a-long-topic-name\n")
    assert container.run("check").returncode == 0


def test_without_a_config_it_says_where_one_is_looked_for(container: Container) -> None:
    done = container.run("run")
    assert done.returncode == 2
    assert "/config/config.yaml" in done.stderr


def test_puid_is_refused_with_the_two_lines_to_write_in_its_place(container: Container) -> None:
    container.write(EXAMPLE)
    container.data.chmod(0o755)
    container.environ = {"PUID": "1000", "PGID": "100"}
    done = container.run("run")
    assert done.returncode == 1
    assert 'user: "1000:100"' in done.stderr
    assert "chown --recursive 1000:100" in done.stderr


def test_a_copy_is_made_while_it_runs_and_put_back_once_it_has_ended(container: Container) -> None:
    container.write(EXAMPLE)
    with container.daemon() as running:
        assert container.run("backup", "/data/copy.db").returncode == 0
        assert running.stop(signal.SIGTERM) == 0
    done = container.run("restore", "/data/copy.db")
    assert done.returncode == 0, done.stderr


def test_the_example_config_and_the_guides_are_in_it(container: Container) -> None:
    place = "/opt/reminder/share/release-reminder"
    assert container.execute("cat", f"{place}/config.example.yaml").stdout == EXAMPLE
    assert container.execute("cat", f"{place}/docs/operations.md").returncode == 0
