"""Reads the float32 tensors of a safetensors file, in their order, without the package of that name."""

import json
import math

import torch


def read_tensors(file):
    with open(file, 'rb') as source:
        content = bytearray(source.read())
    start = 8 + int.from_bytes(content[:8], 'little')
    header = json.loads(content[8:start])
    header.pop('__metadata__', None)
    return {name: read(content, start, entry) for name, entry in header.items()}


def read(content, start, entry):
    assert entry['dtype'] == 'F32', entry
    begin, _ = entry['data_offsets']
    count = math.prod(entry['shape'])
    values = torch.frombuffer(content, dtype=torch.float32, offset=start + begin, count=count)
    return values.reshape(entry['shape']).clone()
