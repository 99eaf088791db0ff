"""The environment is mended after an interruption, and never mistaken for the machine's own Python."""

import subprocess
import sys
import zipfile

import pytest
from set_up import environment as env
from set_up.locks import Pin
from set_up.main import site_of
from set_up.progress import StepFailed
from set_up.site import Wish


def install_by_hand(packages, name, files):
    info = packages / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    for path, text in files.items():
        (packages / path).parent.mkdir(parents=True, exist_ok=True)
        (packages / path).write_text(text)
    lines = [f"{path},sha256=x,{len(text)}" for path, text in files.items()]
    (info / "RECORD").write_text("\n".join([*lines, f"{info.name}/RECORD,,", f"{name}/c.pyc,,", ""]))
    (info / "INSTALLER").write_text("pip")
    return info


@pytest.fixture
def real_environment(environment):
    env.make(environment, sys.executable)
    return environment


def test_whole_packages_are_left_alone_and_half_installed_ones_forgotten(tmp_path):
    whole = install_by_hand(tmp_path, "whole", {"whole/a.py": "text"})
    appended = install_by_hand(tmp_path, "certificates", {"certificates/ca.pem": "text"})
    (tmp_path / "certificates/ca.pem").write_text("text and one more certificate")
    no_installer = install_by_hand(tmp_path, "no_installer", {"no_installer/a.py": "text"})
    (no_installer / "INSTALLER").unlink()
    cut_short = install_by_hand(tmp_path, "cut_short", {"cut_short/a.py": "text"})
    (tmp_path / "cut_short/a.py").write_text("te")
    lost_file = install_by_hand(tmp_path, "lost_file", {"lost_file/a.py": "text"})
    (tmp_path / "lost_file/a.py").unlink()

    assert env.mend(tmp_path) == ["cut_short-1.0", "lost_file-1.0", "no_installer-1.0"]
    assert whole.is_dir()
    assert appended.is_dir()
    assert not any(info.exists() for info in (no_installer, cut_short, lost_file))
    assert env.mend(tmp_path) == []


@pytest.mark.setup
def test_an_environment_that_lost_its_settings_is_the_machines_python_and_is_refused(real_environment):
    assert env.works(real_environment)
    (real_environment.folder / "pyvenv.cfg").unlink()
    assert not env.works(real_environment)
    env.make(real_environment, sys.executable)
    assert env.works(real_environment)


@pytest.mark.setup
def test_an_environment_whose_pip_is_lost_is_made_again(real_environment):
    packages = env.packages_folder(real_environment)
    (packages / "pip" / "__init__.py").unlink()
    assert not env.works(real_environment)
    env.make(real_environment, sys.executable)
    assert env.works(real_environment)


def test_pip_is_told_to_refuse_the_machines_python(tmp_path, screen, monkeypatch):
    for name, value in {"PIP_TARGET": "/elsewhere", "PIP_USER": "1", "PYTHONPATH": "/elsewhere"}.items():
        monkeypatch.setenv(name, value)
    environ = site_of(tmp_path, Wish("run"), screen, 0).environment.environ
    assert environ["PIP_REQUIRE_VIRTUALENV"] == "1"
    assert not {"PIP_TARGET", "PIP_USER", "PYTHONPATH"} & set(environ)


def test_a_folder_that_is_no_environment_is_never_deleted(environment):
    environment.folder.mkdir()
    (environment.folder / "thesis.txt").write_text("five years of work")
    with pytest.raises(StepFailed, match=r"thesis\.txt"):
        env.make(environment, sys.executable)
    assert (environment.folder / "thesis.txt").read_text() == "five years of work"


@pytest.mark.setup
def test_a_prebuilt_wheel_is_taken_from_the_users_folder_and_must_be_the_pinned_version(real_environment, tmp_path):
    wheel = tmp_path / "llama_cpp_python-1.2.3-py3-none-any.whl"
    info = "llama_cpp_python-1.2.3.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("llama_cpp/__init__.py", "")
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: llama-cpp-python\nVersion: 1.2.3\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    env.install_llama_wheel(real_environment, Pin(env.LLAMA, "1.2.3", ""), str(tmp_path))
    assert env.installed_version(real_environment, env.LLAMA) == "1.2.3"
    with pytest.raises(StepFailed, match=r"gave llama-cpp-python 1\.2\.3"):
        env.install_llama_wheel(real_environment, Pin(env.LLAMA, "9.9.9", ""), str(wheel))


def test_lines_of_pip_and_of_the_compiler_become_progress():
    assert env.spoken_line("  [12/412] Building CXX object ggml/x.o") == "compiling 12/412"
    assert env.spoken_line("  [ 37%] Building C object x.o") == "compiling 37%"
    assert env.spoken_line("Collecting numpy==2.4.6 (from -r x (line 3))") == "numpy"
    assert env.spoken_line("WARNING: something else") is None


@pytest.mark.setup
def test_the_python_that_makes_the_environment_is_not_changed_by_it(real_environment):
    seen = subprocess.run(
        [str(real_environment.python), "-c", "import sys; print(sys.prefix != sys.base_prefix)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert seen.stdout.strip() == "True"
