"""Times one case: `main.py CASE THREADS [compile]`, CASE in JSON. Prepares, makes the first call and then, for each number that
comes in a line, as many calls; answers each with a line, {"seconds": [...], "peakBytes": n, "versions": {...}}. runCase.ts does
the same."""

import json
import platform
import resource
import sys
import time

import torch

import cases

case, threads = json.loads(sys.argv[1]), int(sys.argv[2])
cases.COMPILES = sys.argv[3:] == ['compile']
torch.set_num_threads(threads)
repeat = cases.KINDS[case.pop('kind')](**case)
versions = {'Python': platform.python_version(), 'PyTorch': torch.__version__}


def measure(repetitions):
    seconds = []
    for _ in range(repetitions):
        start = time.perf_counter()
        repeat()
        seconds.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({'seconds': seconds, 'peakBytes': peak, 'versions': versions}), flush=True)


measure(1)
for line in sys.stdin:
    measure(int(line))
