"Tests run side by side (pytest-xdist); each process computes with one thread, so that they do not wait for each other."
import os

if os.environ.get('PYTEST_XDIST_WORKER'): os.environ.setdefault('OMP_NUM_THREADS', '1') # read when torch is imported

def pytest_addoption(parser): parser.addoption('--kills', type=int, default=3, help='how often test_survival.py kills a training (default: 3)')
