"""Drives kernels through the Jupyter protocol for the tests: reads one JSON command a line, answers with one JSON line.

Each command names its operation in `op`; the functions below take the other fields as arguments.
"""

import json
import os
import sys
import time
import traceback
from queue import Empty

import nbformat
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient

# The answers' own way out: a kernel inherits this process's standard output and may write into it.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

kernels = {}


def start(id, cwd):
    manager = KernelManager(kernel_name="pathkernel")
    began = time.time()
    manager.start_kernel(cwd=cwd, stderr=open(os.path.join(cwd, f"{id}.stderr"), "w"))
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=300)
    kernels[id] = manager, client
    return {"pid": manager.provisioner.pid, "seconds": time.time() - began}


def run(id, code, interrupt_on=None, presses=1, pause=0.3, timeout=300, **options):
    """One cell. Once its output contains `interrupt_on`, the kernel is interrupted `presses` times, `pause` seconds apart."""
    return run_all(id, [code], interrupt_on, presses, pause, timeout, **options)[0]


def run_all(id, codes, interrupt_on=None, presses=1, pause=0.3, timeout=300, **options):
    """Cells sent at once, as "Run all" does; the messages of each."""
    manager, client = kernels[id]
    began = time.time()
    asked = [client.execute(code, **options) for code in codes]
    results = {key: {"outputs": [], "reply": None, "idle": False} for key in asked}
    while any(not (r["idle"] and r["reply"]) for r in results.values()):
        if time.time() - began > timeout:
            missing = [r for r in results.values() if not (r["idle"] and r["reply"])]
            raise TimeoutError(f"no end after {timeout} s: {len(missing)} cells, the first: {str(missing[0])[:1000]}")
        for receive in (client.get_iopub_msg, client.get_shell_msg):
            try:
                message = receive(timeout=0.02)
            except Empty:
                continue
            result = results.get(message["parent_header"].get("msg_id"))
            if result is None:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "execute_reply":
                result["reply"] = content
            elif kind == "status":
                result["idle"] = result["idle"] or content["execution_state"] == "idle"
            elif kind == "execute_input":
                result["input"] = content
            else:
                result["outputs"].append({"type": kind, **content})
            if interrupt_on and kind == "stream" and interrupt_on in content["text"]:
                interrupt_on = None
                for press in range(presses):
                    time.sleep(pause)
                    manager.interrupt_kernel()
    for result in results.values():
        result["seconds"] = time.time() - began
    return [results[key] for key in asked]


def late(id, seconds):
    """What arrives within some seconds without anything being asked."""
    _, client = kernels[id]
    end, outputs = time.time() + seconds, []
    while time.time() < end:
        try:
            message = client.get_iopub_msg(timeout=0.05)
        except Empty:
            continue
        if message["msg_type"] != "status":
            outputs.append({"type": message["msg_type"], **message["content"]})
    return outputs


def ask(id, kind, **content):
    _, client = kernels[id]
    key = getattr(client, kind)(**content)
    while True:
        message = client.get_shell_msg(timeout=300)
        if message["parent_header"].get("msg_id") == key:
            return {"type": message["msg_type"], **message["content"]}


def stop(id):
    manager, client = kernels.pop(id)
    began = time.time()
    client.stop_channels()
    manager.shutdown_kernel()
    return {"seconds": time.time() - began}


def notebook(cwd, codes, **options):
    """Executes a notebook with nbclient, in a kernel of its own; its outputs or the kind of error."""
    cells = [nbformat.v4.new_code_cell(code) for code in codes]
    document = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": {"name": "pathkernel", "display_name": "test"}})
    error = None
    try:
        NotebookClient(document, resources={"metadata": {"path": cwd}}, **options).execute()
    except Exception as caught:
        error = {"name": type(caught).__name__, "message": str(caught)}
    return {"cells": [{"count": c.execution_count, "outputs": c.outputs} for c in document.cells], "error": error}


OPERATIONS = {f.__name__: f for f in (start, run, run_all, late, ask, stop, notebook)}

for line in sys.stdin:
    command = json.loads(line)
    try:
        answer = {"value": OPERATIONS[command.pop("op")](**command)}
    except Exception:
        answer = {"error": traceback.format_exc()}
    print(json.dumps(answer, default=str), file=answers, flush=True)

for manager, client in kernels.values():
    client.stop_channels()
    manager.shutdown_kernel(now=True)
