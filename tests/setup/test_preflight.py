"""What is missing is named, with what to do about it, before anything starts."""

from pathlib import Path

from set_up.preflight import GB, MB, Room, compiler_problems, disk_problems, python_problems, this_machine


def test_a_machine_with_everything_has_no_problems(machine):
    rooms = [Room(Path("/a"), 2 * GB, "packages")]
    assert python_problems(machine()) == compiler_problems(machine()) == disk_problems(machine(), rooms) == []


def test_an_old_python_is_named_with_the_setting_that_helps(machine):
    (problem,) = python_problems(machine(python_version=(3, 10)))
    assert "3.11 or newer" in problem
    assert "3.10" in problem
    assert "make run PYTHON=" in problem


def test_a_python_without_ensurepip_is_named_with_its_package(machine):
    (problem,) = python_problems(machine(has_module=lambda name: name != "ensurepip"))
    assert "ensurepip" in problem
    assert "apt-get install python3-venv" in problem


def test_a_missing_compiler_is_named_with_what_was_tried(machine):
    only_c = machine(compiles=lambda words, language, program: language == "C")
    (problem,) = compiler_problems(only_c)
    assert "C++ (c++, g++, clang++)" in problem
    assert "C (" not in problem
    assert "build-essential" in problem
    assert "LLAMA_WHEELS" in problem


def test_a_compiler_that_was_named_is_the_one_tried(machine):
    tried = []
    named = machine(
        environ={"CXX": "ccache g++-13"},
        compiles=lambda words, language, program: tried.append(tuple(words)) or language == "C",
    )
    (problem,) = compiler_problems(named)
    assert ("ccache", "g++-13") in tried
    assert "ccache g++-13" in problem


def test_the_real_compiler_check_fails_on_a_program_that_does_not_compile():
    real = this_machine({})
    assert not real.compiles(["c++"], "C++", "this is not C++")
    assert not real.compiles(["no-such-compiler-here"], "C++", "int main() { return 0; }")


def test_parts_on_one_disk_are_added_up(machine):
    rooms = [Room(Path("/a"), 1500 * MB, "packages"), Room(Path("/b"), 2400 * MB, "language model")]
    (problem,) = disk_problems(machine(free_bytes=lambda folder: (7, 3 * GB)), rooms)
    assert "3.9 GB needed" in problem
    assert "packages 1.5 GB, language model 2.4 GB" in problem
    assert "3.0 GB free" in problem


def test_parts_on_two_disks_are_not_added_up(machine):
    rooms = [Room(Path("/a"), 2 * GB, "packages"), Room(Path("/b"), 2 * GB, "language model")]
    disks = {Path("/a"): (1, 3 * GB), Path("/b"): (2, 3 * GB)}
    assert disk_problems(machine(free_bytes=disks.__getitem__), rooms) == []


def test_free_space_is_asked_of_a_folder_that_does_not_exist_yet(tmp_path):
    disk, free = this_machine({}).free_bytes(tmp_path / "not" / "there")
    assert disk == tmp_path.stat().st_dev
    assert free > 0
