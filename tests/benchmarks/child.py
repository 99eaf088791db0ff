"""What has to be measured in a process of its own: peak memory, and the command from its start to its answer."""

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.portfolios import ONE, TODAY, one_workload, varied
from tools.assess import assess, facts_of
from tools.evaluate import evaluate

COMMAND = Path(sys.executable).with_name("weighbridge")
_PHASES = """
import time; marks = [("imports", time.perf_counter())]
from ui.cli import main
from tools.assess import assess, facts_of
from tools.option_set import option_set
from tools.evaluate import evaluate
from tests.benchmarks.portfolios import TODAY, one_workload
marks.append(("catalogues and options", time.perf_counter()))
option_set(TODAY)
marks.append(("evaluation", time.perf_counter()))
portfolio = one_workload()
evaluation = evaluate(facts_of(portfolio.organization, portfolio.workloads[0]), TODAY, 512, 0)
marks.append(("all again with tables, findings and flips", time.perf_counter()))
assess(portfolio, TODAY, with_flips=True)
marks.append(("", time.perf_counter()))
print("; ".join(f"{name} {(b[1] - start) * 1e3:.0f} ms" for (name, start), b in zip(marks, marks[1:])))
"""


def peak_mib(what: str) -> float:
    """Run one of the jobs below in a new process; return the most memory that it ever held, in MiB."""
    return float(_output([sys.executable, "-m", "tests.benchmarks.child", what]).split()[0])


def thousand_seconds_and_peak() -> tuple[float, float]:
    """Assess 1,000 workloads in a new process; return the seconds and the peak of its memory in MiB."""
    peak, seconds = _output([sys.executable, "-m", "tests.benchmarks.child", "thousand"]).split()
    return float(seconds), float(peak)


def command_seconds(times: int) -> float:
    """Return the median seconds of `weighbridge assess` on one workload, from its start to its end."""
    seconds = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "one.json"
        path.write_text(json.dumps({"organization": {}, "workloads": [{"name": "chat", "facts": ONE}]}), "utf-8")
        for _ in range(times + 1):
            start = time.perf_counter()
            _output([str(COMMAND), "assess", str(path), "--json"])
            seconds.append(time.perf_counter() - start)
    return statistics.median(seconds[1:])  # the first one warms the disk


def start_up_parts() -> str:
    """Say in a new process what the time goes into."""
    return _output([sys.executable, "-c", _PHASES])


def _output(words: list[str]) -> str:
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()


def main(what: str) -> None:
    """Do one job and print the peak of this process's memory."""
    portfolio = one_workload()
    evaluate(facts_of(portfolio.organization, portfolio.workloads[0]), TODAY, 4096 if what == "one" else 16, 0)
    start = time.perf_counter()
    if what == "thousand":
        assess(varied(1000), TODAY)
    print(_own_peak_mib(), time.perf_counter() - start)


def _own_peak_mib() -> float:
    """Return this process's peak; on Linux not by getrusage, which counts the parent's from before the exec as well."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text("ascii").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2  # bytes on macOS


if __name__ == "__main__":
    main(sys.argv[1])
