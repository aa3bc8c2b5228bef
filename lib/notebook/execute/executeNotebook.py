"""Runs the notebook in argv[1] from a clean kernel and writes a line of JSON: the notebook, and the error if there was one.

A cell that runs for longer than the seconds in argv[2] is given up, and the kernel with it.
"""

import json
import os
import sys

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

# The answer's own way out: a kernel inherits this process's standard output and may write into it.
answer = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

path = os.path.abspath(sys.argv[1])
notebook = nbformat.read(path, as_version=4)
where = {"metadata": {"path": os.path.dirname(path)}}
client = NotebookClient(
    notebook, kernel_name="pathkernel", resources=where, timeout=float(sys.argv[2]), startup_timeout=300, record_timing=False
)
error = None
try:
    client.execute()
except (CellExecutionError, CellTimeoutError, DeadKernelError) as caught:
    error = str(caught)
print(json.dumps({"text": nbformat.writes(notebook), "error": error}), file=answer, flush=True)
