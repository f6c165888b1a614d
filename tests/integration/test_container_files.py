"""What the container image is built of and run by, as text: looked at without building it (`make container` does)."""

from __future__ import annotations

import re
import tomllib
from typing import Final

import yaml

from tests.support.docs import ROOT

PIN: Final = re.compile(r"^([a-z0-9][a-z0-9.-]*)==(\S+)", re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    return dict(PIN.findall((ROOT / name).read_text()))


def test_the_image_has_the_versions_that_the_tests_ran_with() -> None:
    image, tested = pins("constraints-container.txt"), pins("constraints-dev.txt")
    assert len(image) > 40
    assert {name: version for name, version in image.items() if tested.get(name) != version} == {}
    assert pins("constraints.txt").items() <= image.items()


def test_the_image_says_the_version_of_the_package() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f"ARG VERSION={version}\n" in (ROOT / "Containerfile").read_text()


def test_docker_and_podman_leave_out_the_same_and_take_all_that_the_build_needs() -> None:
    ignored = (ROOT / ".containerignore").read_text()
    assert (ROOT / ".dockerignore").read_text() == ignored
    kept = {line[1:] for line in ignored.splitlines() if line.startswith("!")}
    assert [name for name in kept if not (ROOT / name).exists()] == []
    build = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]
    assert set(build["wheel"]["shared-data"]) | {"reminder", "pyproject.toml", "hatch_build.py"} <= kept


def test_compose_publishes_on_this_machine_alone_and_lets_the_container_do_little() -> None:
    service = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]["reminder"]
    assert service["build"] == {"context": ".", "dockerfile": "Containerfile"}
    assert (service["read_only"], service["tmpfs"], service["cap_drop"]) == (True, ["/tmp"], ["ALL"])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["ports"] == ["127.0.0.1:8484:8484"]
    assert service["volumes"] == ["./config:/config:ro", "data:/data"]


def test_the_settings_of_compose_that_wait_to_be_uncommented_are_whole() -> None:
    text = re.sub(r"^(\s*)#(?=\S)", r"\1", (ROOT / "compose.yaml").read_text(), flags=re.MULTILINE)
    whole = yaml.safe_load(text)
    service = whole["services"]["reminder"]
    assert service["user"] == "1000:1000"
    assert service["secrets"] == list(whole["secrets"])
