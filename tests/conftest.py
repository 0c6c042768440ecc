"Tests run side by side (pytest-xdist); each process computes with one thread, so that they do not wait for each other."
import os

import pytest

if os.environ.get('PYTEST_XDIST_WORKER'): os.environ.setdefault('OMP_NUM_THREADS', '1') # read when torch is imported

def pytest_addoption(parser):
    parser.addoption('--kills', type=int, default=3, help='how often test_survival.py kills a training (default: 3)')
    parser.addoption('--mutants', type=int, default=105, help='how many damaged photos test_mutated_photos.py opens (default: 105)')

@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    "Each test goes to the process that is free next; those in a browser stay in one, so that each server is started once, and those of one shipped network, which is measured once."
    from xdist.scheduler import LoadScopeScheduling
    class OneBrowser(LoadScopeScheduling):
        def _split_scope(self, nodeid): return 'browser' if 'test_browser.py' in nodeid else 'weights ' + nodeid.rpartition('[')[2] if 'test_weights.py' in nodeid else nodeid
    return OneBrowser(config, log)
