"""Drives kernels through the Jupyter protocol for the tests: reads one JSON command a line, answers with one JSON line.

Each command names its operation in `op`; the functions below take the other fields as arguments.
"""

import json
import os
import socket
import subprocess
import sys
import time
import traceback
import urllib.error
import urllib.request
import uuid
from queue import Empty

import nbformat
import websocket
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient

# The answers' own way out: a kernel inherits this process's standard output and may write into it.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

kernels = {}
complaints = {}
strays = []


def start(id, cwd):
    manager = KernelManager(kernel_name="pathkernel")
    began = time.time()
    complaints[id] = os.path.join(cwd, f"{id}.stderr")
    manager.start_kernel(cwd=cwd, stderr=open(complaints[id], "w"))
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=300)
    kernels[id] = manager, client
    return {"pid": manager.provisioner.pid, "seconds": time.time() - began}


def check_alive(id):
    """Whoever waits for a kernel would wait in vain once its process has ended."""
    manager, _ = kernels[id]
    if not manager.is_alive():
        with open(complaints[id]) as file:
            said = file.read()[-4000:]
        raise RuntimeError(f"the kernel has ended, with {manager.provisioner.process.returncode}: {said}")


def run(id, code, interrupt_on=None, presses=1, pause=0.3, timeout=300, by_message=False, answers=(), **options):
    """One cell. Once its output contains `interrupt_on`, the kernel is interrupted `presses` times, `pause` seconds apart.

    Its questions get `answers`, one after the other; those beyond get none.
    """
    return run_all(id, [code], interrupt_on, presses, pause, timeout, by_message, answers, **options)[0]


def run_all(id, codes, interrupt_on=None, presses=1, pause=0.3, timeout=300, by_message=False, answers=(), **options):
    """Cells sent at once, as "Run all" does; the messages of each."""
    answers = list(answers)
    manager, client = kernels[id]
    began = time.time()
    asked = [execute(client, code, **options) for code in codes]
    results = {key: {"id": key, "outputs": [], "questions": [], "reply": None, "idle": False} for key in asked}
    while any(not (r["idle"] and r["reply"]) for r in results.values()):
        check_alive(id)
        if time.time() - began > timeout:
            missing = [r for r in results.values() if not (r["idle"] and r["reply"])]
            raise TimeoutError(f"no end after {timeout} s: {len(missing)} cells, the first: {str(missing[0])[:1000]}")
        for channel, receive in (
            ("iopub", client.get_iopub_msg),
            ("shell", client.get_shell_msg),
            ("stdin", client.get_stdin_msg),
        ):
            try:
                message = receive(timeout=0.02)
            except Empty:
                continue
            result = results.get(message["parent_header"].get("msg_id"))
            kind, content = message["msg_type"], message["content"]
            if result is None:
                if channel == "iopub":
                    keep(message)
                continue
            if kind == "execute_reply":
                result["reply"] = content
            elif kind == "input_request":
                result["questions"].append(content["prompt"])
                if answers:
                    client.input(answers.pop(0))
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
                    if by_message:
                        client.control_channel.send(client.session.msg("interrupt_request", {}))
                    else:
                        manager.interrupt_kernel()
    for result in results.values():
        result["seconds"] = time.time() - began
    return [results[key] for key in asked]


def execute(client, code, cell=None, **options):
    """Asks for code to be run; `cell` is what the notebook calls its cell."""
    if cell is None:
        return client.execute(code, **options)
    message = client.session.msg("execute_request", {"code": code, **options}, metadata={"cellId": cell})
    client.shell_channel.send(message)
    return message["header"]["msg_id"]


def keep(message):
    """Keeps the output of a cell that has ended."""
    if message["msg_type"] != "status":
        parent = message["parent_header"].get("msg_id")
        strays.append({"type": message["msg_type"], **message["content"], "parent": parent})


def late(id, seconds):
    """Output of cells that had ended, up to now and for some seconds more, with the request that each belongs to."""
    _, client = kernels[id]
    end = time.time() + seconds
    while time.time() < end:
        try:
            message = client.get_iopub_msg(timeout=0.05)
        except Empty:
            continue
        keep(message)
    outputs, strays[:] = strays[:], []
    return outputs


def interrupt(id):
    kernels[id][0].interrupt_kernel()


def ask(id, kind, **content):
    _, client = kernels[id]
    key = getattr(client, kind)(**content)
    while True:
        message = client.get_shell_msg(timeout=300)
        if message["parent_header"].get("msg_id") == key:
            return {"type": message["msg_type"], **message["content"]}


def message(id, type, content, channel="shell", until=("reply", "idle")):
    """Any message; its reply and what was published about it, as soon as all of `until` have come."""
    _, client = kernels[id]
    sent = client.session.msg(type, content)
    getattr(client, f"{channel}_channel").send(sent)
    reply, published, seen = None, [], set()
    while not seen.issuperset(until):
        for receive in (getattr(client, f"get_{channel}_msg"), client.get_iopub_msg):
            try:
                got = receive(timeout=0.1)
            except Empty:
                continue
            if got["parent_header"].get("msg_id") != sent["header"]["msg_id"]:
                continue
            if got["msg_type"].endswith("_reply"):
                reply = {**got["content"], "type": got["msg_type"]}
                seen.add("reply")
            else:
                published.append({**got["content"], "type": got["msg_type"]})
                seen.add(got["content"].get("execution_state"))
    return {"reply": reply, "published": published}


def interact(id, messages, until, idle=True, pause=0, interrupt_on=None, timeout=300):
    """
    Sends messages, `pause` seconds apart, and gives what is published from then on until one contains the text `until` and
    (unless `idle` is False) the cell it belongs to is idle again; each with the request that it belongs to.
    """
    manager, client = kernels[id]
    for type, content in messages:
        client.shell_channel.send(client.session.msg(type, content))
        time.sleep(pause)
    published, awaited, end = [], None, time.time() + timeout
    while True:
        if time.time() > end:
            raise TimeoutError(f"no {until} in {published}")
        try:
            got = client.get_iopub_msg(timeout=0.1)
        except Empty:
            check_alive(id)
            continue
        text = json.dumps(got["content"], ensure_ascii=False)
        parent = got["parent_header"].get("msg_id")
        published.append({"type": got["msg_type"], **got["content"], "parent": parent})
        if interrupt_on and interrupt_on in text:
            interrupt_on = None
            manager.interrupt_kernel()
        if until in text:
            awaited = parent
        if awaited and parent == awaited and (not idle or got["content"].get("execution_state") == "idle"):
            return published


def states(id, codes):
    """The states of the kernel, as published, from cells sent at once to the end of the last, with a question meanwhile."""
    _, client = kernels[id]
    asked = [client.execute(code) for code in codes] + [client.complete("1", 1)]
    seen, idle = [], set()
    while not idle.issuperset(asked):
        got = client.get_iopub_msg(timeout=300)
        state = got["content"].get("execution_state")
        if state:
            seen.append(state)
        if state == "idle":
            idle.add(got["parent_header"]["msg_id"])
    return {"states": seen}


def beats(id, code):
    """Whether the kernel echoes on its heartbeat channel while a cell waits."""
    _, client = kernels[id]
    client.execute(code)
    client.hb_channel.unpause()
    time.sleep(1.5)
    return client.hb_channel.is_beating()


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


def served(cwd, codes, timeout=300):
    """What a page sees of cells sent at once, through a Jupyter server with its own limits; for each the types of its messages,
    how much text there was, and the last outputs."""
    port, token = free_port(), "token"
    arguments = [f"--ServerApp.port={port}", "--ServerApp.port_retries=0", "--ServerApp.open_browser=False", "--allow-root"]
    arguments += [f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={cwd}", "--ServerApp.ip=127.0.0.1"]
    log = open(os.path.join(cwd, "server.log"), "w")
    server = subprocess.Popen([sys.executable, "-m", "jupyter_server", *arguments], stdout=log, stderr=log)
    try:
        address = f"http://127.0.0.1:{port}/api/kernels"
        request = urllib.request.Request(address, json.dumps({"name": "pathkernel"}).encode(), {"Authorization": f"token {token}"})
        kernel = json.load(answered(request, server, timeout))["id"]
        page = websocket.create_connection(f"ws://127.0.0.1:{port}/api/kernels/{kernel}/channels?token={token}", timeout=timeout)
        asked = []
        for code in codes:
            asked.append(uuid.uuid4().hex)
            header = {"msg_id": asked[-1], "msg_type": "execute_request", "session": "s", "username": "u", "version": "5.3"}
            content = {"code": code, "silent": False, "stop_on_error": False}
            page.send(json.dumps({"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}))
        seen, idle = {key: [] for key in asked}, set()
        while not idle.issuperset(asked):
            got = json.loads(page.recv())
            key = got["parent_header"].get("msg_id")
            if got["channel"] != "iopub" or key not in seen:
                continue
            if got["content"].get("execution_state") == "idle":
                idle.add(key)
            elif got["msg_type"] not in ("status", "execute_input"):
                seen[key].append({"type": got["msg_type"], **got["content"]})
        page.close()
        return [seen[key] for key in asked]
    finally:
        server.terminate()
        server.wait()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answered(request, server, timeout):
    """The answer of a server that is still starting."""
    end = time.time() + timeout
    while True:
        try:
            return urllib.request.urlopen(request, timeout=timeout)
        except (urllib.error.URLError, ConnectionError):
            if server.poll() is not None or time.time() > end:
                raise
            time.sleep(0.2)


OPERATIONS = {f.__name__: f for f in (start, run, run_all, late, interrupt, ask, message, interact, states, beats, stop, notebook, served)}

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
