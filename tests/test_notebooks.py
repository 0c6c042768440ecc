"""Every notebook of nbs/ runs from its first cell to its last, in the smoke profile, each in a process of its own.

One notebook alone: `pytest tests/test_notebooks.py -k kernels`."""
import pytest

from running import TOP, run_notebook

NOTEBOOKS = sorted(path.relative_to(TOP/'nbs').as_posix() for path in (TOP/'nbs').rglob('*.ipynb') if '.ipynb_checkpoints' not in path.parts)

@pytest.mark.parametrize('notebook', NOTEBOOKS)
def test_notebook_runs(notebook):
    failure = run_notebook(TOP/'nbs'/notebook)
    if failure: pytest.fail(failure, pytrace=False)
