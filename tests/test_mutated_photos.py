"Damaged photos of many formats: each opens, or is refused in one sentence that names it, in less than a GiB of memory."
import json, subprocess, sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

def test_mutated_photos_open_or_give_a_sentence(request):
    count, chunk = request.config.getoption('--mutants'), 500
    for first in range(0, count, chunk):
        done = subprocess.run([sys.executable, Path(__file__).with_name('mutated.py'), str(first), str(min(chunk, count - first))], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-2000:]
        found = json.loads(done.stdout.splitlines()[-1])
        assert found['formats'] >= 15 and found['odd'] == {}, found
        assert found['opened'] + found['refused'] == min(chunk, count - first)
        assert found['kilobytes'] < 2**20, found # of the process at its largest
