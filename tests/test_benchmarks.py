"""One command prints the benchmarks' tables (that each of their notebooks runs is test_notebooks' business)."""
import re, subprocess, sys
from pathlib import Path

import pytest

from running import script

pytestmark = pytest.mark.long

TOP = Path(__file__).parent.parent

def run(*args):
    return subprocess.run([sys.executable, 'nbs/benchmarks/run.py', *args], cwd=TOP, capture_output=True, text=True, timeout=600)

def test_one_by_its_name():
    done = script(TOP/'nbs'/'benchmarks'/'run.py', 'gpu', '--profile', 'smoke', '--threads', '1')
    assert done.returncode == 0, done.stderr
    assert re.findall(r'^== (\w+) ==$', done.stdout, re.M) == ['gpu'] and 'GPU' in done.stdout

def test_all_tables_by_one_command():
    "As the README says it; cells for a GPU are left out where there is none, and said so."
    done = run('--profile', 'smoke', '--threads', '1')
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    names = re.findall(r'^== (\w+) ==$', done.stdout, re.M)
    assert names == sorted(path.stem for path in (TOP/'nbs'/'benchmarks').glob('*.ipynb'))
    pairs = done.stdout.partition('== pairs ==')[2].partition('== restore ==')[0]
    assert 'pairs a second' in pairs and 'plain: whole photo' in pairs
    import torch
    assert torch.cuda.is_available() or 'need an NVIDIA GPU' in done.stdout.partition('== training ==')[2]

def test_a_name_that_does_not_exist():
    done = run('paris')
    assert done.returncode == 2 and "there is no benchmark 'paris': choose from blind, blur, gpu, kernels, " in done.stderr

def test_the_script_for_a_gpu_starts(tmp_path):
    "Without a GPU it runs at the least scale, which shows that all its parts work."
    import json
    out = tmp_path/'gpu.json'
    done = subprocess.run([sys.executable, 'nbs/benchmarks/gpu.py', '--out', out, '--profile', 'smoke'], cwd=TOP, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
    parts = {row['part']: row for row in json.loads(out.read_text())['parts']}
    assert not [row for row in parts.values() if 'error' in row]
    trained = [row for name, row in parts.items() if name.startswith('train ')]
    assert len(trained) == 5 and all(row['pairs_a_second'] > 0 and row['tera_a_pair'] > 0 for row in trained)
    assert parts['restore deblurgan-small']['seconds'] > 0

def test_the_script_for_a_gpu_leaves_out_what_has_no_time(tmp_path):
    import json
    out = tmp_path/'gpu.json'
    done = script(TOP/'nbs'/'benchmarks'/'gpu.py', '--out', out, '--profile', 'smoke', '--limit', 1)
    assert done.returncode == 0, done.stderr[-3000:]
    assert all('were left' in row['left_out'] for row in json.loads(out.read_text())['parts'])
