"""Every notebook of nbs/ runs from its first cell to its last, in the smoke profile, each in a process of its own.

One notebook alone: `pytest tests/test_notebooks.py -k 02_kernels`."""
import os, subprocess, sys
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
NOTEBOOKS = sorted(path.relative_to(TOP/'nbs').as_posix() for path in (TOP/'nbs').rglob('*.ipynb') if '.ipynb_checkpoints' not in path.parts)
RUN = 'import sys; from nbdev.test import nbdev_test; nbdev_test(sys.argv[1], n_workers=0)'

@pytest.mark.parametrize('notebook', NOTEBOOKS)
def test_notebook_runs(notebook):
    environment = {**os.environ, 'DEBLUR_NB_PROFILE': 'smoke', 'MPLBACKEND': 'Agg'}
    done = subprocess.run([sys.executable, '-c', RUN, str(TOP/'nbs'/notebook)], cwd=TOP, env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, f'nbs/{notebook} stops with an error:\n{done.stderr[-6000:]}\n{done.stdout[-2000:]}'
