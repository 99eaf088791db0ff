"""Holds the steps of the set-up, when each counts as done and what it does; does not know who calls.

A step's stamp is written at its very end: whatever interrupts it, the step is done again, and its parts
(pip, the model store, the index) pass over what they find finished.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from set_up import browser, environment, preflight
from set_up.environment import LLAMA
from set_up.locks import find_pin, read_lock
from set_up.progress import StepFailed
from set_up.site import Site, Step, data_home, likely_home, run_weighbridge
from set_up.stamps import Stamp, digest, outputs_of, read_stamp, write_stamp

# Each profile of packages with the profiles that contain it.
PROFILES: Mapping[str, tuple[str, ...]] = {
    "run": ("run", "claude", "dev"),
    "claude": ("claude", "dev"),
    "dev": ("dev",),
}


def all_steps(site: Site) -> list[Step]:
    """Return the steps of a wish, in their order."""
    steps = [environment_step(site), llama_step(site), packages_step(site), project_step(site)]
    if site.wish.goal in ("run", "test"):
        steps += [model_step(site), encoder_step(site), index_step(site)]
    if site.wish.goal == "test":
        steps.append(browser_step(site))
    return steps


def environment_step(site: Site) -> Step:
    """The virtual environment, with the pinned pip."""
    there = site.environment

    def key() -> str:
        return digest(there.folder / "pyvenv.cfg", site.lock("setup"))

    def do() -> None:
        if not environment.works(there):
            environment.make(there, site.python)
        packages = environment.packages_folder(there)
        environment.mend(packages)
        environment.install_pins(there, read_lock(site.lock("setup")), site.notes)
        left = [there.python, packages / "pip" / "__main__.py", *packages.glob("pip-*.dist-info")]
        write_stamp(site.stamp("environment"), Stamp(key(), outputs_of(left)))

    def problems() -> list[str]:
        return [] if environment.works(there) else preflight.python_problems(site.machine)

    room = preflight.Room(there.folder, 100 * preflight.MB, "virtual environment")
    return Step("Virtual environment", lambda: site.is_stamped("environment", key()), do, (room,), problems)


def llama_step(site: Site) -> Step:
    """llama-cpp-python: compiled here unless pip kept a wheel or the user named one."""
    there, source = site.environment, site.wish.llama_wheels
    pin = find_pin(read_lock(site.lock("run")), LLAMA)
    settings = f"{there.environ.get('CMAKE_ARGS', '')} {source or ''}".strip()

    def is_done() -> bool:
        stamp = read_stamp(site.stamp("llama"))
        if stamp is None or not stamp.holds([stamp.key]):
            return False
        # Without a wish of the user's any build of the pinned version is right.
        return stamp.key == f"{pin.version} {settings}" if settings else stamp.key.split(" ")[0] == pin.version

    def do() -> None:
        packages = environment.packages_folder(there)
        environment.mend(packages)
        if source:
            environment.install_llama_wheel(there, pin, source)
        else:
            environment.install_llama(there, pin, site.lock("build"), site.notes)
        left = outputs_of(packages.glob("llama_cpp_python-*.dist-info"))
        write_stamp(site.stamp("llama"), Stamp(f"{pin.version} {settings}", left))

    def problems() -> list[str]:
        ready = source or environment.installed_version(there, LLAMA) == pin.version
        return [] if ready else preflight.compiler_problems(site.machine)

    how = f"from {source}" if source else "compiled here in about ten minutes, unless pip has kept its wheel"
    rooms = [preflight.Room(there.folder, 100 * preflight.MB, LLAMA)]
    if not source:
        rooms.append(preflight.Room(Path(there.environ.get("TMPDIR") or "/tmp"), preflight.GB, "compiling"))
    return Step(f"{LLAMA} {pin.version}, {how}", is_done, do, tuple(rooms), problems)


def packages_step(site: Site) -> Step:
    """All other packages, pinned by hash."""
    there, profile = site.environment, site.wish.profile
    pins = [pin for pin in read_lock(site.lock(profile)) if pin.name != LLAMA]

    def is_done() -> bool:
        return site.is_stamped("packages", *(digest(name, site.lock(name)) for name in PROFILES[profile]))

    def do() -> None:
        environment.mend(environment.packages_folder(there))
        environment.install_pins(there, pins, site.notes)
        there.run(["-c", "import llama_cpp"], "loading llama.cpp")
        left = environment.packages_folder(there).glob("*.dist-info")
        kept = outputs_of(path for path in left if not path.name.startswith("weighbridge-"))
        write_stamp(site.stamp("packages"), Stamp(digest(profile, site.lock(profile)), kept))

    size = 1500 * preflight.MB if profile == "dev" else 1100 * preflight.MB
    return Step(f"{len(pins)} packages", is_done, do, (preflight.Room(there.folder, size, "packages"),))


def project_step(site: Site) -> Step:
    """The checkout itself, installed in place for the command `weighbridge`."""
    there = site.environment
    key = digest(site.root / "pyproject.toml", str(site.root))
    script = there.folder / "bin" / "weighbridge"

    def do() -> None:
        environment.install_project(there, site.root)
        left = [script, *environment.packages_folder(there).glob("weighbridge-*.dist-info")]
        write_stamp(site.stamp("project"), Stamp(key, outputs_of(left)))

    return Step("The command weighbridge", lambda: site.is_stamped("project", key), do)


def model_step(site: Site) -> Step:
    """The default language model, by the product's own command, which resumes and verifies."""
    key = digest(site.home_key(), site.root / "models" / "data" / "gguf.yaml")

    def do() -> None:
        run_weighbridge(site, "models", "pull")
        files = list((data_home(site) / "gguf").rglob("*.gguf"))
        write_stamp(site.stamp("model"), Stamp(key, outputs_of(files, sized=True)))

    room = preflight.Room(likely_home(site), 2400 * preflight.MB, "language model and its pieces")
    return Step("Language model (1.1 GB)", lambda: site.is_stamped("model", key), do, (room,))


def encoder_step(site: Site) -> Step:
    """The larger sentence model; messages are read without it too, so that a set-up goes on where it cannot be had."""
    key = digest(site.home_key(), site.root / "models" / "data" / "encoder.yaml")

    def do() -> None:
        try:
            run_weighbridge(site, "models", "encoder")
        except StepFailed:
            screen = site.environment.screen
            screen.say("      Not to be had now: messages are read with the small one, a little less well.")
            screen.say("      To try again later: weighbridge models encoder")
        files = list((data_home(site) / "encoder").glob("*.safetensors"))
        write_stamp(site.stamp("encoder"), Stamp(key, outputs_of(files, sized=True)))

    room = preflight.Room(likely_home(site), 1000 * preflight.MB, "sentence model and its pieces")
    return Step("Sentence model (0.4 GB)", lambda: site.is_stamped("encoder", key), do, (room,))


def index_step(site: Site) -> Step:
    """The index of the guidance, by the product's own command."""
    # The command also embeds the examples that messages are read by.
    folders = (site.root / "knowledge", site.root / "agent" / "reading")
    found = (path for folder in folders for path in folder.rglob("*") if path.suffix in (".md", ".yaml", ".py"))
    sources = sorted(found)
    key = digest(site.home_key(), site.lock("run"), *sources)

    def do() -> None:
        run_weighbridge(site, "knowledge", "build")
        files = [path for path in (data_home(site) / "index").rglob("*") if path.is_file()]
        if not files:
            raise StepFailed(f"`weighbridge knowledge build` left nothing in {data_home(site) / 'index'}.")
        write_stamp(site.stamp("index"), Stamp(key, outputs_of(files)))

    room = preflight.Room(likely_home(site), 50 * preflight.MB, "index")
    return Step("Knowledge index", lambda: site.is_stamped("index", key), do, (room,))


def browser_step(site: Site) -> Step:
    """Chromium for the tests of the page."""
    there = site.environment

    def do() -> None:
        browser.install_browser(there.environ, there.log, there.screen)

    def is_done() -> bool:
        return browser.find_browser(there.environ) is not None

    room = preflight.Room(Path("/usr"), 500 * preflight.MB, "Chromium")
    return Step("Chromium, for the tests", is_done, do, (room,), lambda: browser.browser_problems(there.environ))
