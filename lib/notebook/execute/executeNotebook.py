"""Runs the notebook in argv[1] from a clean kernel and writes a line of JSON: the notebook, and the error if there was one."""

import json
import os
import sys

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

# The answer's own way out: a kernel inherits this process's standard output and may write into it.
answer = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

path = os.path.abspath(sys.argv[1])
notebook = nbformat.read(path, as_version=4)
where = {"metadata": {"path": os.path.dirname(path)}}
client = NotebookClient(
    notebook, kernel_name="pathkernel", resources=where, timeout=None, startup_timeout=300, record_timing=False
)
error = None
try:
    client.execute()
except (CellExecutionError, DeadKernelError) as caught:
    error = str(caught)
print(json.dumps({"text": nbformat.writes(notebook), "error": error}), file=answer, flush=True)
