"""The scripts in script/: what they call, in which order, and what they tell a person.

They run for real, by sh, in a made-up project whose path has spaces, with a PATH that holds nothing but a few
tools and stand-ins for Python, the packagers and the programs, each of which writes down how it was called.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
SCRIPTS = ("script/setup", "script/run", "script/test")
LOCKS = ("run", "test", "lowest", "build", "uv")
TOOLS = [
    "sh",
    "dirname",
    "nice",
    "cksum",
    "cat",
    "mkdir",
    "rm",
    "mv",
    "cp",
    "tr",
    "grep",
    "sed",
    "tail",
    "env",
    "date",
    "chmod",
]

# Stands in for Python, for every program a venv has, and (by its name) for the packagers.
STAND_IN = """#!/bin/sh
name=${0##*/}
echo "$name $*" >> "$FAKE/calls"
case "$name $*" in
  *" -V") echo "Python $(cat "$FAKE/version")" ;;
  *"sys.version_info"*) [ ! -e "$FAKE/old" ] ;;
  *"import venv, ensurepip") [ ! -e "$FAKE/no-venv" ] ;;
  *"cli.register()"*) [ ! -e "$FAKE/does-not-start" ] ;;
  "uv pip"*) [ ! -e "$FAKE/uv-fails" ] && for program in cuewalk lint-imports ruff mypy radon pytest; do
    cp "$0" "$FAKE/a project/.venv/bin/$program"; done ;;
  *"import ctypes"*) [ ! -e "$FAKE/no-portaudio" ] ;;
  *" -m venv "*)
    mkdir -p "$3/bin"
    cp "$0" "$3/bin/python" ;;
  *" -m pip "*)
    [ ! -e "$FAKE/no-network" ] || { cat "$FAKE/no-network"; exit 1; }
    [ ! -e "$FAKE/killed" ] || kill -9 "$(cat build/setup.busy)"
    for program in cuewalk lint-imports ruff mypy radon pytest; do cp "$0" "${0%/*}/$program"; done ;;
  *"apt-get install"* | "brew install"*)
    [ ! -e "$FAKE/no-lists" ] || exit 100
    for program in espeak-ng flite pulseaudio pactl; do cp "$0" "$FAKE/bin/$program"; done
    rm -f "$FAKE/no-portaudio" ;;
  *"apt-get update") rm -f "$FAKE/no-lists" ;;
  id*) cat "$FAKE/id" ;;
  uname*) cat "$FAKE/system" ;;
  sudo*) [ -e "$FAKE/sudo-works" ] && { shift; "$@"; } ;;
  sleep*) rm -f "$FAKE/a project/build/setup.busy" ;;
  cuewalk*) pwd > "$FAKE/cwd"; printf '<%s>' "$@" >> "$FAKE/words" ;;
  mypy*) [ ! -e "$FAKE/mypy-fails" ] || exit 3 ;;
  "pytest -m package"*) [ ! -e "$FAKE/package-fails" ] || { echo "the wheel lacks a file"; exit 4; } ;;
  "pytest -m not device"*) [ ! -e "$FAKE/others-fail" ] || { echo "a rating is lost"; exit 3; } ;;
esac
"""


@dataclass
class Machine:
    """A made-up machine with the project on it."""

    home: Path
    project: Path

    def set(self, name: str, content: str = "") -> None:
        (self.home / name).write_text(content)

    def program(self, name: str) -> None:
        path = self.home / "bin" / name
        path.write_text(STAND_IN)
        path.chmod(0o755)

    def without(self, *names: str) -> None:
        for name in names:
            (self.home / "bin" / name).unlink()

    def run(self, script: str, *words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run a script and forget the calls before it."""
        self.set("calls")
        environment = {
            "PATH": str(self.home / "bin"),
            "FAKE": str(self.home),
            "HOME": str(self.home / "empty"),
        }
        command = ["/bin/sh", str(self.project / script), *words]
        return subprocess.run(
            command,
            cwd=cwd or self.home,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def calls(self, *about: str) -> list[str]:
        """Return the calls of these programs, or with these options; all without arguments."""
        lines = [line.strip() for line in (self.home / "calls").read_text().splitlines()]
        return [line for line in lines if not about or any(_is_about(line, word) for word in about)]


def _is_about(line: str, word: str) -> bool:
    return word in line if word.startswith("-") else line.split(maxsplit=1)[0] == word


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path, tmp_path / "a project")
    (tmp_path / "bin").mkdir()
    (machine.project / "script").mkdir(parents=True)
    for script in SCRIPTS:
        shutil.copy(PROJECT / script, machine.project / script)
    (machine.project / "pyproject.toml").write_text("[project]\n")
    (machine.project / "requirements").mkdir()
    for lock in LOCKS:
        (machine.project / "requirements" / f"{lock}.txt").write_text("one==1 --hash=sha256:0\n")
    for tool in TOOLS:
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool) or pytest.fail(f"no {tool} here"))
    for name in ["python3", "espeak-ng", "flite", "pulseaudio", "pactl", "id", "uname", "apt-get", "sleep"]:
        machine.program(name)
    machine.set("version", "3.11.4")
    machine.set("id", "0")
    machine.set("system", "Linux")
    return machine


HEAVY = ("-m venv", "-m pip", "uv", "apt-get", "brew")


def installs(machine: Machine) -> list[str]:
    """Return what was installed, in order: lock files and ``.`` (cuewalk itself)."""
    return [line.split()[-1] for line in machine.calls() if " pip install" in line]


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_scripts_are_valid_for_every_shell_here_and_executable(script):
    path = PROJECT / script
    assert os.access(path, os.X_OK)
    assert path.read_text().startswith("#!/bin/sh\n")
    for shell in (["/bin/sh"], ["dash"], ["bash", "--posix"], ["busybox", "sh"]):
        if shutil.which(shell[0]):
            subprocess.run([*shell, "-n", path], check=True)


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not installed")
def test_shellcheck_finds_nothing():
    subprocess.run(["shellcheck", *SCRIPTS, ".ci/run"], cwd=PROJECT, check=True)


def test_continuous_integration_calls_the_same_tests_and_nothing_else():
    path = PROJECT / ".ci/run"
    assert os.access(path, os.X_OK)
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    assert lines[-1] == "exec script/test"
    assert len(lines) == 3


def test_the_first_set_up_makes_an_environment_and_says_what_takes_long(machine):
    done = machine.run("script/setup")
    assert done.returncode == 0, done.stderr
    assert machine.calls("-m venv") == [f"python3 -m venv {machine.project}/.venv"]
    assert installs(machine) == ["requirements/uv.txt", "requirements/build.txt", "requirements/run.txt", "."]
    assert "to a minute" in done.stderr


def test_nothing_is_installed_that_is_not_locked_with_its_hash(machine):
    machine.run("script/setup")
    for call in machine.calls("-m pip install"):
        assert call.endswith("-e .") or "--require-hashes" in call
        assert "--no-deps" in call
        assert "--no-build-isolation" in call


def test_uv_installs_where_there_is_one_and_asks_the_network_last(machine):
    machine.program("uv")
    done = machine.run("script/setup")
    assert done.returncode == 0, done.stderr
    assert machine.calls("-m pip install") == []
    assert installs(machine) == ["requirements/build.txt", "requirements/run.txt", "."]
    for call in [call for call in machine.calls("uv") if "pip install" in call]:
        assert "--offline" in call
        assert call.endswith("-e .") or "--require-hashes" in call


def test_where_uv_fails_pip_does_it(machine):
    machine.program("uv")
    machine.set("uv-fails")
    done = machine.run("script/setup")
    assert done.returncode == 0, done.stderr
    lines = [line.split()[-1] for line in machine.calls("-m pip install")]
    assert lines == ["requirements/build.txt", "requirements/run.txt", "."]


@pytest.mark.skipif(find_spec("pip") is None, reason="uv makes environments without pip")
def test_pip_does_not_take_the_build_tools_for_packages_of_the_environment(tmp_path):
    lines = (PROJECT / "script" / "setup").read_text().splitlines()
    code = "".join(line.split("'")[1] for line in lines if line.startswith("with_tools="))
    tool = tmp_path / "a_tool-1.0.dist-info"
    tool.mkdir()
    (tool / "METADATA").write_text("Metadata-Version: 2.1\nName: a-tool\nVersion: 1.0\n")
    listed = subprocess.run(
        [sys.executable, "-c", code, tmp_path, "-m", "pip", "list"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "pip" in listed.stdout
    assert "a-tool" not in listed.stdout


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full."),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "is not the one that was locked"),
        ("Temporary failure in name resolution", "The package index could not be reached."),
        ("something else", "The last it said:"),
    ],
)
def test_what_went_wrong_is_a_sentence(machine, said, sentence):
    machine.set("no-network", said)
    done = machine.run("script/setup")
    assert done.returncode != 0
    assert sentence in done.stderr


def test_what_was_installed_is_started_once(machine):
    machine.set("does-not-start")
    done = machine.run("script/setup")
    assert done.returncode != 0
    assert "does not start" in done.stderr


def test_a_second_set_up_does_nothing_says_nothing_and_needs_no_network(machine, tmp_path):
    machine.run("script/setup")
    machine.set("no-network")
    (tmp_path / "elsewhere").mkdir()
    done = machine.run("script/setup", cwd=tmp_path / "elsewhere")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert machine.calls() == ["python -V"]


@pytest.mark.parametrize("changed", ["pyproject.toml", "script/setup", "requirements/run.txt"])
def test_a_change_of_what_it_is_made_from_is_set_up_again_in_the_same_environment(machine, changed):
    machine.run("script/setup")
    with (machine.project / changed).open("a") as file:
        file.write("# changed\n")
    machine.run("script/setup")
    assert installs(machine)[-1] == "."
    assert machine.calls("-m venv") == []
    machine.run("script/setup")
    assert machine.calls(*HEAVY) == []


def test_another_python_version_is_set_up_again_a_correction_of_the_same_is_not(machine):
    machine.run("script/setup")
    machine.set("version", "3.11.9")
    machine.run("script/setup")
    assert machine.calls(*HEAVY) == []
    machine.set("version", "3.13.0")
    machine.run("script/setup")
    assert installs(machine)[-1] == "."


def test_the_tests_need_more_and_what_they_have_serves_a_session_too(machine):
    machine.run("script/setup")
    machine.run("script/setup", "--test")
    assert "requirements/test.txt" in installs(machine)
    machine.run("script/setup")
    assert machine.calls(*HEAVY) == []


def test_a_killed_set_up_is_built_again_from_scratch(machine):
    machine.set("killed")
    assert machine.run("script/setup").returncode != 0
    (machine.project / ".venv" / "half").touch()
    (machine.home / "killed").unlink()
    done = machine.run("script/setup")
    assert done.returncode == 0, done.stderr
    assert len(machine.calls("-m venv")) == 1
    assert not (machine.project / ".venv" / "half").exists()
    machine.run("script/setup")
    assert machine.calls(*HEAVY) == []


def test_without_a_network_the_reason_and_the_log_are_shown_and_a_working_environment_is_kept(machine):
    machine.run("script/setup")
    machine.set("no-network", "ERROR: no route to the index")
    (machine.project / "pyproject.toml").write_text("[project]\n# changed\n")
    done = machine.run("script/setup")
    assert done.returncode != 0
    assert "The package index could not be reached" in done.stderr
    log = machine.project / "build" / "setup.log"
    assert str(log) in done.stderr
    assert log.is_file()
    (machine.home / "no-network").unlink()
    assert machine.run("script/setup").returncode == 0
    assert machine.calls("-m venv") == []


def test_a_project_that_was_moved_gets_an_environment_of_its_own(machine):
    machine.run("script/setup")
    moved = machine.home / "another place"
    machine.project.rename(moved)
    machine.project = moved
    machine.run("script/setup")
    assert machine.calls("-m venv") == [f"python3 -m venv {moved}/.venv"]


@pytest.fixture
def other_setup() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        ["/bin/sh", "-c", "read x # stands in for script/setup"], stdin=subprocess.PIPE
    ) as process:
        yield process


def test_two_set_ups_do_not_collide(machine, other_setup):
    (machine.project / "build").mkdir()
    (machine.project / "build" / "setup.busy").write_text(str(other_setup.pid))
    done = machine.run("script/setup")  # the stand-in for sleep ends the other one
    assert f"process {other_setup.pid}" in done.stderr
    assert done.returncode == 0
    assert len(machine.calls("-m venv")) == 1


def test_missing_system_packages_are_installed_by_apt_as_root(machine):
    machine.without("espeak-ng", "flite")
    machine.set("no-portaudio")
    done = machine.run("script/setup")
    (call,) = machine.calls("apt-get")
    assert call.endswith("espeak-ng libportaudio2 flite")
    assert "--no-remove" in call
    assert "going on without" not in done.stderr


def test_old_package_lists_are_brought_up_to_date(machine):
    machine.without("flite")
    machine.set("no-lists")
    machine.run("script/setup")
    assert [call.split()[1] for call in machine.calls("apt-get")] == ["install", "update", "install"]


def test_the_tests_also_need_a_sound_server(machine):
    machine.without("pulseaudio", "pactl")
    machine.run("script/setup", "--test")
    assert "pulseaudio pulseaudio-utils" in machine.calls("apt-get")[0]


def test_sudo_is_used_only_where_it_asks_no_password(machine):
    machine.without("flite")
    machine.set("id", "1000")
    machine.program("sudo")
    machine.set("sudo-works")
    machine.run("script/setup")
    assert machine.calls("sudo")[1].startswith("sudo -n env DEBIAN_FRONTEND=noninteractive apt-get install")


@pytest.mark.parametrize("sudo", [True, False])
def test_without_root_the_exact_command_is_printed_and_the_set_up_goes_on(machine, sudo):
    machine.without("espeak-ng", "flite")
    machine.set("id", "1000")
    if sudo:
        machine.program("sudo")
    done = machine.run("script/setup")
    assert done.returncode == 0
    assert machine.calls("apt-get") == []
    assert "To install: sudo apt-get install espeak-ng flite" in done.stderr


def test_on_a_mac_brew_installs_its_own_names(machine):
    machine.set("system", "Darwin")
    machine.without("flite")
    machine.set("no-portaudio")
    machine.program("brew")
    machine.run("script/setup")
    assert machine.calls("apt-get", "brew") == ["brew install portaudio flite"]


def test_an_unknown_system_is_told_what_is_missing_and_goes_on(machine):
    machine.without("flite", "apt-get")
    done = machine.run("script/setup")
    assert done.returncode == 0
    assert "with your system's own packager: flite" in done.stderr


@pytest.mark.parametrize("has_python", [True, False])
def test_without_a_new_enough_python_it_says_which_is_needed(machine, has_python):
    if has_python:
        machine.set("old")
    else:
        machine.without("python3")
    done = machine.run("script/setup")
    assert done.returncode != 0
    assert "No Python 3.11 or newer" in done.stderr


def test_a_newer_python_of_another_name_is_found(machine):
    machine.without("python3")
    machine.program("python3.12")
    assert machine.run("script/setup").returncode == 0
    assert machine.calls("-m venv")[0].startswith("python3.12 ")


def test_a_python_without_venv_gets_its_package(machine):
    machine.set("no-venv")
    machine.run("script/setup")
    assert machine.calls("apt-get")[0].endswith("python3-venv")


def test_an_unknown_option_is_refused(machine):
    done = machine.run("script/setup", "--tests")
    assert done.returncode == 2
    assert "usage" in done.stderr


def test_run_tries_one_model_download_ever_then_starts(machine):
    assert machine.run("script/run").returncode == 0
    assert machine.calls("cuewalk") == ["cuewalk models fetch --once --timeout 5", "cuewalk start"]
    machine.set("no-network")
    assert machine.run("script/run").returncode == 0
    assert machine.calls() == ["python -V", "cuewalk start"]


def test_run_passes_a_command_on_word_by_word_from_where_it_was_called(machine):
    machine.run("script/run", "demo", "--wav", "my session.wav", cwd=machine.home / "bin")
    assert (machine.home / "words").read_text().endswith("<demo><--wav><my session.wav>")
    assert (machine.home / "cwd").read_text().strip() == str(machine.home / "bin")
    machine.run("script/run", "--help")
    assert machine.calls("cuewalk") == ["cuewalk start --help"]


def test_run_does_not_start_what_was_not_set_up(machine):
    machine.set("no-network")
    assert machine.run("script/run").returncode != 0
    assert machine.calls("cuewalk") == []


def test_all_checks_run_the_quick_ones_first_with_their_seconds(machine):
    done = machine.run("script/test", "tests/unit", "-k", "two words")
    assert done.returncode == 0, done.stderr
    assert machine.calls("lint-imports", "ruff", "mypy", "radon", "pytest") == [
        "lint-imports",
        "ruff check .",
        "ruff format --check .",
        "mypy",
        "radon cc --min C --show-complexity src",
        "pytest -m device tests/unit -k two words",
        (
            "pytest -m not device and not package -n auto --dist loadfile --no-loadscope-reorder"
            " --durations=40 --durations-min=3 tests/unit -k two words"
        ),
    ]
    assert done.stdout.count(" s\n") == 9


def test_the_first_failing_check_ends_it_by_name_and_with_its_status(machine):
    machine.set("mypy-fails")
    done = machine.run("script/test")
    assert done.returncode == 3
    assert "types (mypy) FAILED" in done.stderr
    assert "pytest -m device" not in machine.calls("pytest")


def test_everything_includes_the_package_and_what_cannot_be_tried_is_left_out_with_a_line(machine):
    done = machine.run("script/test")
    assert done.returncode == 0, done.stderr
    assert {"pytest -m device tests/device tests/bench", "pytest -m package tests/package"} <= {
        *machine.calls("pytest")
    }
    assert "left out: it needs uv" in done.stdout


@pytest.mark.parametrize(
    ("what", "status", "shown", "stage"),
    [
        ("package-fails", 4, "the wheel lacks a file", "package (wheel, sdist, demonstration)"),
        ("others-fail", 3, "a rating is lost", "all other tests (pytest)"),
    ],
)
def test_what_fails_beside_the_real_time_tests_is_shown_and_ends_it_too(machine, what, status, shown, stage):
    machine.set(what)
    done = machine.run("script/test")
    assert done.returncode == status
    assert shown in done.stdout
    assert f"{stage} FAILED" in done.stderr


def test_the_tests_that_tell_of_other_versions_are_there():
    text = (PROJECT / "script" / "test").read_text("utf-8")
    chosen = re.search(r"^telling='(.*?)'", text, re.DOTALL | re.MULTILINE)[1].split()
    assert [path for path in chosen if not (PROJECT / path).exists()] == []
