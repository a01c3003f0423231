"""The lock files in requirements/ agree with pyproject.toml, for every Python and system of ours."""

import re
import tomllib
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
FILES = ("run", "test", "lowest", "build", "uv")
PLACES = [
    {
        "python_version": python,
        "python_full_version": f"{python}.1",
        "sys_platform": system,
        "platform_system": {"linux": "Linux", "darwin": "Darwin"}[system],
        "platform_machine": machine,
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "os_name": "posix",
        "extra": "",
    }
    for python, (system, machine) in product(
        ("3.11", "3.12", "3.13", "3.14"), (("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64"))
    )
]
REMEDY = "call script/lock and commit what it wrote"


@cache
def locked(name):
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return [(Requirement(line.split(" --hash=")[0]), line.count("--hash=sha256:")) for line in lines]


def versions(name, place):
    """Return the version of every package that the file gives this place."""
    found = {}
    for requirement, _ in locked(name):
        if requirement.marker is None or requirement.marker.evaluate(place):
            (specifier,) = requirement.specifier
            assert canonicalize_name(requirement.name) not in found, f"{requirement.name} twice in {name}.txt"
            found[canonicalize_name(requirement.name)] = specifier.version
    return found


@pytest.mark.parametrize("name", FILES)
def test_each_package_is_pinned_with_hashes(name):
    for requirement, hashes in locked(name):
        assert [specifier.operator for specifier in requirement.specifier] == ["=="], requirement
        assert hashes, f"{requirement} has no hash"


@pytest.mark.parametrize("name", FILES)
def test_no_address_and_no_place_of_a_machine_is_in_the_file(name):
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    assert not re.search(r"://|--(extra-)?index-url|--find-links|--trusted-host|@ file|(^|\s)/\w", text)


@pytest.mark.parametrize("place", PLACES, ids=lambda p: f"{p['python_version']}-{p['platform_machine']}")
@pytest.mark.parametrize("name", ["run", "test", "lowest"])
def test_what_pyproject_asks_for_is_locked_in_a_version_that_it_allows(name, place):
    asked = [*PROJECT["dependencies"], *(PROJECT["optional-dependencies"]["test"] if name != "run" else [])]
    given = versions(name, place)
    for requirement in map(Requirement, asked):
        if requirement.marker is None or requirement.marker.evaluate(place):
            version = given.get(canonicalize_name(requirement.name))
            assert version, f"{requirement.name} is not in {name}.txt: {REMEDY}"
            assert requirement.specifier.contains(version), f"{requirement} is locked at {version}: {REMEDY}"


@pytest.mark.parametrize("place", PLACES, ids=lambda p: f"{p['python_version']}-{p['platform_machine']}")
def test_a_session_and_the_tests_have_the_same_versions(place):
    run, test = versions("run", place), versions("test", place)
    assert {name: test.get(name) for name in run} == run, REMEDY


def test_the_oldest_that_is_allowed_is_what_lowest_tries():
    given = versions("lowest", PLACES[0])
    for requirement in map(Requirement, PROJECT["dependencies"]):
        if requirement.marker is not None and not requirement.marker.evaluate(PLACES[0]):
            continue
        (floor,) = (s.version for s in requirement.specifier if s.operator in {">=", "=="})
        locked_at = given[canonicalize_name(requirement.name)]
        assert locked_at == floor or locked_at.startswith(f"{floor}."), (
            f"{requirement}: {locked_at}; {REMEDY}"
        )


@pytest.mark.parametrize("place", PLACES, ids=lambda p: f"{p['python_version']}-{p['platform_machine']}")
def test_pocketsphinx_is_asked_for_only_where_it_has_a_wheel(place):
    here = (place["python_version"], place["platform_machine"])
    without = here[0] == "3.14" or here == ("3.12", "aarch64")
    assert ("pocketsphinx" in versions("run", place)) is not without


def test_nothing_of_windows_or_of_a_driver_that_is_not_used_is_locked():
    names = {canonicalize_name(requirement.name) for name in FILES for requirement, _ in locked(name)}
    assert not {name for name in names if name.startswith(("pyobjc", "pywin32", "comtypes"))}
