"""`pytest` runs the core suite, `pytest -m all` everything; what is asked for by a path, `-k` or `-m` is run as asked.

Tests run side by side (pytest-xdist); each process computes with one thread, so that they do not wait for each other.
What the core suite leaves out is marked where it stands: a test, a class or a file by `pytest.mark.long`, a cell of a notebook by `#| long`."""
import os, re

import pytest

import running

def one_thread(): os.environ.setdefault('OMP_NUM_THREADS', '1') # read when torch is imported

if os.environ.get('PYTEST_XDIST_WORKER'): one_thread()

def pytest_addoption(parser):
    parser.addoption('--core', action='store_true', help='only the core suite, even of what is asked for (default: where nothing is asked for)')
    parser.addoption('--kills', type=int, default=3, help='how often test_survival.py kills a training (default: 3)')
    parser.addoption('--mutants', type=int, default=105, help='how many damaged photos test_mutated_photos.py opens (default: 105)')

@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    option = config.option
    if hasattr(config, 'workerinput'): # a process of pytest-xdist is told
        option.core = config.workerinput['core']
        running.use_server(config.workerinput['server'])
        return
    asked = config.args_source is config.ArgsSource.ARGS or option.markexpr or option.keyword or getattr(option, 'lf', False)
    option.core = option.core or not asked

@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    one_thread()
    option = node.config.option
    whole = option.core or option.markexpr # a few tests may well not need the server
    node.workerinput.update(core=option.core, server=running.server() if whole else {})

def pytest_report_header(config): return 'the core suite; everything: pytest -m all' if config.option.core else None

def pytest_ignore_collect(collection_path, config):
    "The core suite does not even import a file that is long as a whole."
    if config.option.core and collection_path.suffix == '.py' and re.search(r'^pytestmark = .*\bmark\.long\b', collection_path.read_text(encoding='utf-8'), re.M): return True

def is_quick(item):
    "Many small tests: they begin last, so that no process waits at the end for another one's long test."
    return item.get_closest_marker('long') is None and item.path.name != 'test_notebooks.py'

@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    for item in items: item.add_marker('all')
    if not config.option.core: return items.sort(key=is_quick)
    long = [item for item in items if item.get_closest_marker('long')]
    config.hook.pytest_deselected(items=long)
    left = [item for item in items if item not in long]
    items[:] = sorted(left, key=lambda item: item.path.name == 'test_notebooks.py' or 'apart' in item.function.__code__.co_names) # those last that wait for the server's imports

@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Each test goes to the process that is free next; those in a browser stay in one, so that each server is started once, those of the site,
    which is built once, and those of the shipped networks: each is measured once, and the blurred photos once for all. Where many stay together, they begin first."""
    from xdist.scheduler import LoadScopeScheduling
    class OneBrowser(LoadScopeScheduling):
        def _split_scope(self, nodeid): return 'browser' if 'test_browser.py' in nodeid else 'site' if 'test_site.py' in nodeid else 'weights' if 'test_weights.py' in nodeid else nodeid
    return OneBrowser(config, log)
