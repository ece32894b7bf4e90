# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""Build every preset and run all of its tests: unit tests and the contract's properties on the
host, the contract's properties and the boot tests on each ISA, coverage, layering, the scripts.

Prints one line per test, at the end what failed, and "N passed, N failed". Exit code 0 only if
everything passed; a test that timed out or could not run has failed. In the output directory:
junit.xml and logs/ with the builds' and the tests' output.
"""
import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from lib import qemu, report
from lib.matrix import install_missing
from lib.project import (ROOT, UserError, build_dir, configure_and_build, main_guard, presets)

# A line of CTest's about a test that has ended.
CTEST_LINE = re.compile(r"^ *\d+/\d+ Test +#\d+: (?P<name>\S+) \.*(?P<how>.*?) +"
                        r"(?P<sec>[\d.]+) sec")
SHOWN_LINES = 30
BROWSERS = ("chromium", "chromium-browser", "google-chrome")  # as in tests/CMakeLists.txt


class Tests:
    def __init__(self, args):
        self.args = args
        self.out = Path(args.out)
        self.lock = threading.Lock()
        self.cases = []
        self.children = set()

    def note(self, case):
        with self.lock:
            self.cases.append(case)
            print(f"{case.status:8}{case.suite}/{case.name}  {case.seconds:.2f} s"
                  + (f"  ({case.reason})" if case.reason else ""), flush=True)

    def run(self):
        # The largest first: the host's tests take longest, and nothing waits for their end.
        workers = max(1, min(self.args.jobs, len(self.args.preset)))
        with ThreadPoolExecutor(workers) as pool:
            futures = [pool.submit(self.run_preset, preset, max(1, self.args.jobs // workers))
                       for preset in self.args.preset]
            try:
                for future in futures:
                    future.result()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                with self.lock:
                    for child in self.children:
                        child.terminate()
                raise

    def run_preset(self, preset, jobs):
        log = self.out / "logs" / f"{preset}.build.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        start = time.monotonic()
        with open(log, "w", encoding="utf-8") as file:
            built = configure_and_build(preset, jobs, log=file)
        self.note(report.Case(
            preset, "build", qemu.PASS if built else qemu.FAIL, time.monotonic() - start,
            "" if built else f"see {log}", log.read_text(encoding="utf-8", errors="replace")))
        if built:
            self.run_ctest(preset, jobs)

    def run_ctest(self, preset, jobs):
        """Run the preset's tests: a line for each as it ends, the details from the JUnit file."""
        junit = (self.out / "logs" / f"{preset}.junit.xml").resolve()
        junit.unlink(missing_ok=True)
        line = ["ctest", "--test-dir", str(build_dir(preset)), "--no-tests=error", "-j", str(jobs),
                "--output-junit", str(junit), "--output-on-failure",
                "--test-output-size-passed", "65536"]
        if self.args.filter:
            line += ["-R", self.args.filter]
            line[line.index("--no-tests=error")] = "--no-tests=ignore"
        first = len(self.cases)
        with open(self.out / "logs" / f"{preset}.ctest.log", "w", encoding="utf-8") as log, \
             subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, errors="replace") as child:
            with self.lock:
                self.children.add(child)
            for text in child.stdout:
                log.write(text)
                match = CTEST_LINE.match(text)
                if match:
                    self.note(report.Case(preset, match["name"], status_of(match["how"]),
                                          float(match["sec"])))
            child.wait()
            with self.lock:
                self.children.discard(child)
        outputs = junit_outputs(junit)
        mine = [c for c in self.cases[first:] if c.suite == preset]
        for case in mine:
            case.output = outputs.get(case.name, "")
            case.reason = case.reason or reason_of(case)
        bad = [c for c in mine if c.status != qemu.PASS]
        if (child.returncode != 0 and not bad) or (not mine and not self.args.filter):
            self.note(report.Case(preset, "ctest", qemu.FAIL, 0.0,
                                  f"ctest ended with exit code {child.returncode}, "
                                  f"having run {len(mine)} tests; see "
                                  f"{self.out / 'logs'}/{preset}.ctest.log"))

    def summary(self):
        bad = [c for c in self.cases if c.status != qemu.PASS]
        for case in bad:
            print(f"\n{case.status}: {case.suite}/{case.name}: {case.reason}")
            for line in case.output.rstrip().splitlines()[-SHOWN_LINES:]:
                print(f"    | {line}")
        report.write_junit(self.out / "junit.xml", self.cases)
        print(f"\nreports in {self.out}")
        for case in self.cases:
            covered = re.search(r"^lines: .*", case.output, re.MULTILINE)
            if case.name == "coverage" and covered:
                print(f"coverage of kernel/ by the host's tests: {covered[0]}")
        if "null" in self.args.preset and not any(map(shutil.which, BROWSERS)):
            print("left out: null/bench_page, for want of a browser; scripts/setup --browser "
                  "installs one")
        print(f"{len(self.cases) - len(bad)} passed, {len(bad)} failed")
        return 1 if bad or not self.cases else 0


def status_of(how):
    """CTest's word for how a test ended, as one of our four."""
    if "Passed" in how:
        return qemu.PASS
    if "Timeout" in how:
        return qemu.TIMEOUT
    if "Skipped" in how or "Not Run" in how or "Disabled" in how:
        return qemu.NOT_RUN
    return qemu.FAIL


def reason_of(case):
    """The line of a boot test's output that says why it failed."""
    found = re.findall(r"^(?:FAIL|timeout|not run): (.*)$", case.output, re.MULTILINE)
    return found[-1] if found and case.status != qemu.PASS else ""


def junit_outputs(path):
    """What each test printed: {name: text}."""
    if not path.is_file():
        return {}
    return {case.get("name"): case.findtext("system-out") or ""
            for case in ET.parse(path).iter("testcase")}


def parse():
    every = list(presets())
    # Those with the most to do come first, so that the last ones to run are short.
    every.sort(key=lambda name: not name.startswith("host"))
    parser = argparse.ArgumentParser(prog="scripts/test", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--preset", action="append",
                        help=f"only this one; one of {', '.join(every)}; may be repeated")
    parser.add_argument("--filter", metavar="REGEX", help="only tests whose name matches")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), metavar="N",
                        help="presets built and tested at the same time (default: the processors)")
    parser.add_argument("--out", default=str(ROOT / "build" / "test"), metavar="DIR",
                        help="for the reports and logs (default: build/test)")
    parser.add_argument("--no-setup", action="store_true", help="install nothing")
    args = parser.parse_args()
    args.preset = args.preset or every
    for preset in args.preset:
        if preset not in every:
            raise UserError(f'unknown preset "{preset}". Valid presets: {", ".join(every)}.')
    if args.jobs < 1:
        raise UserError(f"--jobs {args.jobs}: at least 1 is needed")
    return args


def main():
    args = parse()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if not args.no_setup:
        install_missing()
    tests = Tests(args)
    tests.run()
    return tests.summary()


if __name__ == "__main__":
    main_guard(main, "test")
