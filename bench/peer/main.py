"""Times one case: `main.py CASE REPETITIONS THREADS`; prints {"seconds": [...], "peakBytes": n}."""

import json
import resource
import sys
import time

import torch

from cases import CASES

case, repetitions, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
torch.set_num_threads(threads)
repeat = CASES[case]()
repeat()  # warm-up
seconds = []
for _ in range(repetitions):
    start = time.perf_counter()
    repeat()
    seconds.append(time.perf_counter() - start)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps({'seconds': seconds, 'peakBytes': peak}))
