"""What people get: wheel and source archive, and cuewalk installed from the wheel, far from the checkout."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.package

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / "build" / "tools"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Return the folder with wheel and source archive, built with the tools that script/setup locked."""
    if not (TOOLS / "hatchling").is_dir():
        pytest.skip("the build tools are not there: script/setup --test brings them")
    folder = tmp_path_factory.mktemp("dist")
    run([sys.executable, "-m", "hatchling", "build", "-d", folder], cwd=ROOT, PYTHONPATH=str(TOOLS))
    return folder


@pytest.fixture(scope="module")
def wheel(built):
    (path,) = built.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def sdist(built):
    (path,) = built.glob("*.tar.gz")
    return path


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Return the programs of an environment that has nothing but the wheel and what it asks for."""
    tool = TOOLS / "bin" / "uv"
    uv = str(tool) if tool.exists() else shutil.which("uv")
    if uv is None:
        pytest.skip("uv is not to be had here")
    folder = tmp_path_factory.mktemp("clean") / "env"
    cache = os.environ.get("UV_CACHE_DIR", str(ROOT / "build" / "cache"))
    run([uv, "venv", "--quiet", "--python", sys.executable, folder])
    # As it resolves for itself, in the locked versions: what the wheel forgets to ask for is missing.
    install = [uv, "pip", "install", "--quiet", "--python", folder / "bin" / "python", "--no-build-isolation"]
    install += ["--constraint", ROOT / "requirements" / "run.txt", wheel]
    build = {"UV_CACHE_DIR": cache, "PYTHONPATH": str(TOOLS)}
    try:
        run([*install, "--offline"], **build)
    except AssertionError:
        run(install, **build)
    return folder / "bin"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("a home")


def run(command, *, cwd=None, **environment):
    """Run a command that must succeed and return what it printed."""
    clean = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}
    done = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env=clean | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def names_in(archive):
    if archive.suffix == ".whl":
        return zipfile.ZipFile(archive).namelist()
    with tarfile.open(archive) as opened:
        return opened.getnames()


def cuewalk(installed, home, *words):
    places = {"HOME": str(home), "CUEWALK_HOME": str(home / "cuewalk")}
    return run([installed / "cuewalk", *words], cwd=home, **places)


def test_the_wheel_has_code_content_heads_and_licence_and_nothing_else(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for needed in (
        "cuewalk/py.typed",
        "cuewalk/_data/models/manifest.toml",
        "cuewalk/_data/scripts_audio/rules.toml",
        "cuewalk-0.1.0.dist-info/licenses/LICENSE",
    ):
        assert needed in names
    content = {
        path.relative_to(ROOT).as_posix() for path in (ROOT / "scripts_audio").rglob("*") if path.is_file()
    }
    assert {f"cuewalk/_data/{name}" for name in content} <= set(names)
    assert any(name.startswith("cuewalk/_data/models/heads/") for name in names)
    strange = [name for name in names if not re.match(r"cuewalk(/|-0\.1\.0\.dist-info/)", name)]
    assert strange == []


@pytest.mark.parametrize("archive", ["wheel", "sdist"])
def test_no_recording_no_model_and_nothing_of_this_machine_is_in_it(archive, wheel, sdist):
    names = names_in(wheel if archive == "wheel" else sdist)
    bad = [n for n in names if re.search(r"\.(wav|flac|mp3|ogg|opus|sqlite|pyc|zip)$|/\.|vosk-model", n)]
    allowed = r"/\.(ci|github|gitignore|pre-commit-config\.yaml)"
    assert [name for name in bad if not re.search(allowed, name)] == []


def test_the_source_archive_builds_the_same_wheel(wheel, sdist, tmp_path):
    with tarfile.open(sdist) as archive:
        # The filter came with Python 3.11.4; later ones ask for it.
        safe = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
        archive.extractall(tmp_path, **safe)
    (source,) = tmp_path.iterdir()
    run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path],
        cwd=source,
        PYTHONPATH=str(TOOLS),
    )
    (again,) = tmp_path.glob("*.whl")
    assert zipfile.ZipFile(again).namelist() == zipfile.ZipFile(wheel).namelist()


def test_what_is_installed_lies_in_its_own_environment(installed):
    where = run([installed / "python", "-c", "import cuewalk; print(cuewalk.__file__)"], cwd="/")
    assert Path(where.strip()).is_relative_to(installed.parent.resolve())


def test_help_and_doctor_answer(installed, home):
    assert "demo" in cuewalk(installed, home, "--help")
    done = subprocess.run(
        [installed / "cuewalk", "doctor", "--no-listen"],
        cwd=home,
        env=os.environ | {"HOME": str(home), "CUEWALK_HOME": str(home / "cuewalk"), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in {0, 1}  # 1 where there is no microphone
    assert "Traceback" not in done.stderr
    assert re.search(r"recogniser\W+works\W+spotter", done.stdout)
    assert re.search(r"content\W+works", done.stdout)


def test_a_demonstration_of_ones_own_short_programme_runs_to_its_end(installed, home):
    cuewalk(installed, home, "new", "programme", "short")
    (programme,) = home.rglob("short.toml")
    one = 'items = [{ movement = "pelvis-tucks-and-tilts", dose = { reps = 2 } }]\n'
    programme.write_text(re.sub(r"(?s)items = .*", one, programme.read_text()))
    content = next(folder for folder in programme.parents if folder.name == "content")
    words = ["--programme", "short", "--content", str(content), "--folder", str(home / "demo")]
    said = cuewalk(installed, home, "demo", *words)
    assert "Traceback" not in said
    assert (home / "demo" / "session.wav").stat().st_size > 100_000
    assert (home / "demo" / "journal.sqlite").exists()
