"""Runs notebooks from a clean kernel, one after the other in it, and writes a line of JSON: the notebooks, and the error if there was one.

The standard input has their texts as a list of JSON, argv[1] is the folder they run in. A cell that runs for longer than the seconds in
argv[2] is given up, and the kernel with it.
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

notebooks = [nbformat.reads(text, as_version=4) for text in json.load(sys.stdin)]
where = {"metadata": {"path": os.path.abspath(sys.argv[1])}}
client = NotebookClient(
    notebooks[0], kernel_name="pathkernel", resources=where, timeout=float(sys.argv[2]), startup_timeout=300, record_timing=False
)
error = None
try:
    for notebook in notebooks:
        client.nb = notebook
        client.execute(cleanup_kc=notebook is notebooks[-1])
except (CellExecutionError, CellTimeoutError, DeadKernelError) as caught:
    error = str(caught)
print(json.dumps({"texts": [nbformat.writes(notebook) for notebook in notebooks], "error": error}), file=answer, flush=True)
