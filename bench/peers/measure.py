"""What the comparisons share: the cost of a whole process, and how three figures are written."""

import os
import statistics
import subprocess
import sys
import time


def whole(command, text=""):
    """Runs a command, which reads the text; returns what it printed and its wall and CPU seconds and peak bytes."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    process.stdin.write(text)
    process.stdin.close()
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"error: {' '.join(command)} ended with status {status}")
    return {"printed": printed, "wall": time.perf_counter() - begun, "cpu": usage.ru_utime + usage.ru_stime,
            "peak": usage.ru_maxrss * 1024}


def three(values):
    return " / ".join(f"{v:.2f}" for v in (min(values), statistics.median(values), max(values)))
