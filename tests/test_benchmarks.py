"""One command prints the benchmarks' tables (that each of their notebooks runs is test_notebooks' business)."""
import re, subprocess, sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

TOP = Path(__file__).parent.parent

def run(*args):
    return subprocess.run([sys.executable, 'nbs/benchmarks/run.py', *args], cwd=TOP, capture_output=True, text=True, timeout=600)

def test_a_table_is_printed():
    done = run('pairs', '--profile', 'smoke')
    assert done.returncode == 0, done.stderr
    assert '== pairs ==' in done.stdout and 'pairs a second' in done.stdout and 'plain: whole photo' in done.stdout

def test_all_tables_by_one_command():
    "As the README says it; cells for a GPU are left out where there is none, and said so."
    done = run('--profile', 'smoke', '--threads', '1')
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    names = re.findall(r'^== (\w+) ==$', done.stdout, re.M)
    assert names == sorted(path.stem for path in (TOP/'nbs'/'benchmarks').glob('*.ipynb'))
    import torch
    assert torch.cuda.is_available() or 'need an NVIDIA GPU' in done.stdout.partition('== training ==')[2]

def test_a_name_that_does_not_exist():
    done = run('paris')
    assert done.returncode == 2 and "there is no benchmark 'paris': choose from blind, blur, kernels, " in done.stderr
