"""Where config, database and heartbeat lie: SPEC, section 7, as tables over a made-up machine."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from reminder.core.errors import WrongInput
from reminder.platform.paths import (
    Machine,
    credentials_dir,
    database_file,
    find_config,
    keeps_to_itself,
    new_config,
    owned_by,
    runtime_dir,
    secret_places,
    state_dir,
    this_machine,
    unread_user,
)


def machine(root: Path, environ: Mapping[str, str] | None = None) -> Machine:
    """A machine whose whole file system lies under `root`, used by asha."""
    home = root / "home" / "asha"
    return Machine(
        environ={"HOME": str(home), **(environ or {})},
        user_config=home / ".config" / "reminder",
        user_state=home / ".local" / "state" / "reminder",
        root=root,
    )


def written(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("watch: []\n", encoding="utf-8")
    return path


def test_the_option_is_taken_before_every_other_place(tmp_path: Path) -> None:
    here = machine(tmp_path, {"REMINDER_CONFIG": str(written(tmp_path / "named.yaml"))})
    written(tmp_path / "home/asha/.config/reminder/config.yaml")
    option = written(tmp_path / "option.yaml")
    assert find_config(here, option) == option


def test_then_the_variable_then_the_users_own_then_the_systems(tmp_path: Path) -> None:
    named = written(tmp_path / "named.yaml")
    system = written(tmp_path / "etc/reminder/config.yaml")
    assert find_config(machine(tmp_path)) == system
    own = written(tmp_path / "home/asha/.config/reminder/config.yaml")
    assert find_config(machine(tmp_path)) == own
    assert find_config(machine(tmp_path, {"REMINDER_CONFIG": str(named)})) == named


def test_no_config_at_all_names_the_places_looked_in(tmp_path: Path) -> None:
    with pytest.raises(WrongInput) as caught:
        find_config(machine(tmp_path))
    assert str(caught.value) == (
        f"no config found: {tmp_path}/home/asha/.config/reminder/config.yaml or {tmp_path}/etc/reminder/config.yaml"
        " does not exist; `reminder init` writes one, --config names another"
    )


@pytest.mark.parametrize("by_option", [True, False])
def test_a_config_that_was_named_is_not_looked_for_elsewhere(tmp_path: Path, by_option: bool) -> None:
    written(tmp_path / "etc/reminder/config.yaml")
    named = tmp_path / "gone.yaml"
    here = machine(tmp_path, {} if by_option else {"REMINDER_CONFIG": str(named)})
    with pytest.raises(WrongInput, match=r"gone\.yaml does not exist; `reminder --config .*gone\.yaml init` writes it"):
        find_config(here, named if by_option else None)


def test_a_directory_is_no_config(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match=r"is a directory: name a file, such as .*/config\.yaml"):
        find_config(machine(tmp_path), tmp_path)


def test_a_new_config_goes_where_it_was_asked_for(tmp_path: Path) -> None:
    here = machine(tmp_path, {"REMINDER_CONFIG": "/srv/r.yaml"})
    assert new_config(here, Path("mine.yaml")) == Path("mine.yaml")
    assert new_config(here) == Path("/srv/r.yaml")


def test_else_to_the_users_own_place_and_for_root_under_etc(tmp_path: Path) -> None:
    here = machine(tmp_path)
    home = here.etc if os.geteuid() == 0 else tmp_path / "home/asha/.config/reminder"
    assert new_config(here) == home / "config.yaml"


@pytest.mark.parametrize(
    ("config", "environ", "state"),
    [
        ("etc/reminder/config.yaml", {}, "var/lib/reminder"),
        ("etc/reminder/second.yaml", {}, "var/lib/reminder"),
        ("etc/reminders/config.yaml", {}, "home/asha/.local/state/reminder"),
        ("home/asha/.config/reminder/config.yaml", {}, "home/asha/.local/state/reminder"),
        ("srv/config.yaml", {}, "home/asha/.local/state/reminder"),
        ("etc/reminder/config.yaml", {"STATE_DIRECTORY": ""}, "var/lib/reminder"),
    ],
)
def test_the_state_directory_follows_the_config(
    tmp_path: Path, config: str, environ: dict[str, str], state: str
) -> None:
    assert state_dir(machine(tmp_path, environ), tmp_path / config) == tmp_path / state


def test_what_is_made_is_private_unless_systemd_says_who_may_read(tmp_path: Path) -> None:
    assert keeps_to_itself(machine(tmp_path))
    assert not keeps_to_itself(machine(tmp_path, {"STATE_DIRECTORY": "/var/lib/x"}))


@pytest.mark.parametrize("given", ["/var/lib/x", "/var/lib/x:/var/lib/y"])
def test_systemds_state_directory_goes_before_the_configs_place(tmp_path: Path, given: str) -> None:
    here = machine(tmp_path, {"STATE_DIRECTORY": given})
    assert state_dir(here, tmp_path / "etc/reminder/config.yaml") == Path("/var/lib/x")


@pytest.mark.parametrize(
    ("database", "file"),
    [
        (None, "var/lib/reminder/reminder.db"),
        ("", "var/lib/reminder/reminder.db"),
        ("shows.db", "var/lib/reminder/shows.db"),
        ("sub/shows.db", "var/lib/reminder/sub/shows.db"),
        ("sqlite:///shows.db", "var/lib/reminder/shows.db"),
        ("~/shows.db", "home/asha/shows.db"),
    ],
)
def test_a_relative_database_lies_in_the_state_directory(tmp_path: Path, database: str | None, file: str) -> None:
    assert database_file(machine(tmp_path), tmp_path / "etc/reminder/config.yaml", database) == tmp_path / file


@pytest.mark.parametrize("text", ["/srv/shows.db", "sqlite:////srv/shows.db"])
def test_an_absolute_database_is_taken_as_it_is(tmp_path: Path, text: str) -> None:
    assert database_file(machine(tmp_path), tmp_path / "x.yaml", text) == Path("/srv/shows.db")


@pytest.mark.parametrize("url", ["postgresql://db/reminder", "postgresql+psycopg://me:secret@db/reminder"])
def test_another_database_is_no_file(tmp_path: Path, url: str) -> None:
    assert database_file(machine(tmp_path), tmp_path / "x.yaml", url) is None


def test_the_service_and_the_administrators_shell_agree(tmp_path: Path) -> None:
    """The service is told by systemd, the shell by the config's place alone."""
    config = tmp_path / "etc/reminder/config.yaml"
    shell = machine(tmp_path)
    service = machine(tmp_path, {"STATE_DIRECTORY": str(shell.var_lib), "RUNTIME_DIRECTORY": str(shell.run)})
    shell.run.mkdir(parents=True)
    database = database_file(shell, config, None)
    assert database_file(service, config, None) == database
    assert runtime_dir(service, config, database) == runtime_dir(shell, config, database)


def test_without_systemd_the_heartbeat_is_beside_the_database(tmp_path: Path) -> None:
    database = tmp_path / "srv" / "shows.db"
    assert runtime_dir(machine(tmp_path), tmp_path / "x.yaml", database) == tmp_path / "srv"
    assert runtime_dir(machine(tmp_path), tmp_path / "etc/reminder/config.yaml", database) == tmp_path / "srv"


def test_with_a_database_elsewhere_the_heartbeat_is_in_the_state_directory(tmp_path: Path) -> None:
    here = machine(tmp_path)
    assert runtime_dir(here, tmp_path / "x.yaml", None) == here.user_state


@pytest.mark.parametrize(("given", "found"), [({}, None), ({"CREDENTIALS_DIRECTORY": "/run/c"}, Path("/run/c"))])
def test_credentials_are_where_systemd_says(tmp_path: Path, given: dict[str, str], found: Path | None) -> None:
    assert credentials_dir(machine(tmp_path, given)) == found


def test_a_path_is_told_with_its_owner(tmp_path: Path) -> None:
    path = written(tmp_path / "reminder.db")
    path.chmod(0o640)
    assert owned_by(path) == f"{path} (owned by {path.owner()}, mode 640)"


def test_what_is_not_there_is_told_by_the_directory_it_would_be_in(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    path = tmp_path / "a" / "b" / "reminder.db"
    assert owned_by(path) == f"{path} (in {tmp_path}, owned by {tmp_path.owner()}, mode 700)"


def test_a_shell_finds_the_secrets_where_the_service_is_given_them(tmp_path: Path) -> None:
    systems, own = tmp_path / "etc/reminder/config.yaml", tmp_path / "home/x.yaml"
    here = machine(tmp_path, {"CREDENTIALS_DIRECTORY": "/run/c"})
    assert secret_places(here, systems) == (
        Path("/run/c"),
        tmp_path / "etc/reminder/credentials",
        tmp_path / "run/secrets",
    )
    assert secret_places(machine(tmp_path), own) == (tmp_path / "home/environment", tmp_path / "run/secrets")


def test_a_user_without_a_home_is_asked_only_for_what_is_needed(tmp_path: Path) -> None:
    here = replace(machine(tmp_path, {"STATE_DIRECTORY": "/srv/state"}), user_config=None, user_state=None)
    config = written(tmp_path / "etc/reminder/config.yaml")
    assert find_config(here) == config
    assert database_file(here, tmp_path / "x.yaml", None) == Path("/srv/state/reminder.db")
    lost = replace(here, environ={})
    assert database_file(lost, config, None) == here.var_lib / "reminder.db"
    assert database_file(lost, tmp_path / "x.yaml", "/srv/a.db") == Path("/srv/a.db")
    with pytest.raises(WrongInput, match="STATE_DIRECTORY"):
        database_file(lost, tmp_path / "x.yaml", None)


def test_this_machine_has_the_users_directories() -> None:
    here = this_machine({})
    assert here.user_config
    assert here.user_state
    assert here.user_config.name == here.user_state.name == "reminder"
    assert here.root == Path("/")


@pytest.mark.parametrize(
    ("environ", "whose"),
    [
        ({"PUID": "1000", "PGID": "100"}, "1000:100"),
        ({"PUID": "1000"}, "1000:1000"),
        ({"PUID": "1000", "PGID": "users"}, "1000:1000"),
    ],
)
def test_what_other_images_obey_is_answered_with_what_to_write(environ: dict[str, str], whose: str) -> None:
    said = unread_user(environ)
    assert f'\n  user: "{whose}"\n  chown --recursive {whose} ' in said


@pytest.mark.parametrize("environ", [{}, {"PGID": "100"}, {"PUID": ""}, {"PUID": "me; rm"}])
def test_no_user_is_made_of_what_is_no_number(environ: dict[str, str]) -> None:
    assert unread_user(environ) == ""
