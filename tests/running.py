"""Processes that begin with everything imported, and notebooks that run in them."""
import ast, multiprocessing, os, re, traceback
from multiprocessing import forkserver
from pathlib import Path

TOP = Path(__file__).parent.parent

def processes():
    "A context whose processes begin with all libraries imported, each a new one; where the system cannot fork, they import them themselves."
    if 'forkserver' not in multiprocessing.get_all_start_methods(): return multiprocessing.get_context('spawn')
    context = multiprocessing.get_context('forkserver')
    context.set_forkserver_preload(['libraries'])
    before = os.environ.get('PYTHONPATH')
    os.environ['PYTHONPATH'] = os.pathsep.join(filter(None, [str(Path(__file__).parent), before])) # the server does not look where this process looks
    try: forkserver.ensure_running()
    finally: os.environ.pop('PYTHONPATH') if before is None else os.environ.update(PYTHONPATH=before)
    return context

def definition_before(cells, failed):
    "The name of the exported definition that stands last before a cell (or in it)."
    names = []
    for cell in cells[:failed + 1]:
        if cell.cell_type != 'code' or not re.match(r'#\| *export', cell.source): continue
        names += [node.name for node in ast.parse(cell.source).body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    return names[-1] if names else 'its first lines'

def run(path, skip=(), save=False):
    "Run a notebook in this process, cell by cell as Jupyter would; returns '' or a report that names the cell and the definition before it."
    from fastcore.nbio import write_nb
    from execnb.shell import CaptureShell
    from nbdev.process import NBProcessor
    from nbdev.test import _skip_cell
    notebook, seen = NBProcessor(path, rm_directives=False, process=True).nb, []
    leave_out, shell = _skip_cell(notebook, skip), CaptureShell(path)
    def note(cell):
        seen.append(cell)
        return leave_out(cell)
    os.chdir(path.parent)
    try: shell.run_all(notebook, exc_stop=True, preproc=note, cell_timeout=3600)
    except BaseException:
        number = next(i for i, cell in enumerate(notebook.cells) if cell is seen[-1])
        return (f'{path.relative_to(TOP/"nbs")}, {definition_before(notebook.cells, number)} (cell {number + 1}):\n{seen[-1].source}\n\n'
                f'{shell.prettytb(fname=path) or traceback.format_exc()}')
    if save: write_nb(notebook, path)
    return ''

def _child(path, profile, skip, method, connection):
    multiprocessing.set_start_method(method, force=True) # what the notebook starts, it starts as it would at a reader's
    os.environ.update(DEBLUR_NB_PROFILE=profile, MPLBACKEND='Agg', IN_TEST='1')
    silence = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2): os.dup2(silence, stream)
    try: report = run(Path(path), skip)
    except BaseException: report = traceback.format_exc()
    connection.send(report)

def run_notebook(path, profile='smoke', skip=('slow', 'cuda'), timeout=900):
    "Run a notebook in a process of its own, in a profile; returns '' or a report of what failed."
    ours, theirs = processes().Pipe(duplex=False)
    process = processes().Process(target=_child, args=(str(path), profile, skip, multiprocessing.get_start_method(), theirs))
    process.start()
    theirs.close()
    try: return ours.recv() if ours.poll(timeout) else f'{path} takes more than {timeout} seconds'
    except EOFError: return f'{path}: its process ended by itself, with exit code {process.join() or process.exitcode}'
    finally:
        process.kill()
        process.join()
