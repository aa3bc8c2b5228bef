"""Prints the dist-info folder of every installed package with files missing or cut short.

A pip killed in the middle can leave a package that looks installed; RECORD lists what it should consist of.
Scripts, which lie outside the packages' folder, may have been changed since.
"""

import importlib.metadata
import os

for distribution in importlib.metadata.distributions():
    folder = getattr(distribution, '_path', None)
    if folder is None or not str(folder).endswith('.dist-info'):
        continue
    files = None if not os.path.exists(os.path.join(folder, 'RECORD')) else distribution.files
    complete = bool(files) and all(
        os.path.exists(path) and (file.size is None or os.path.getsize(path) == file.size)
        for file in files
        for path in [file.locate()]
        if not str(file).endswith('.pyc') and '..' not in file.parts
    )
    if not complete:
        print(folder)
