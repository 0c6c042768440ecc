"""Processes that begin with everything imported, and notebooks that run in them."""
import ast, multiprocessing, os, re, runpy, subprocess, sys, tempfile, traceback, warnings
from multiprocessing import forkserver, resource_tracker
from pathlib import Path

TOP = Path(__file__).parent.parent
LEFT_OUT = 'slow', 'cuda' # cells that no test runs
SLOW_CELL = 10. # seconds of one processor: more is much for the core suite, and a warning says so

def processes():
    "A context whose processes begin with all libraries imported, each a new one; where the system cannot fork, they import them themselves."
    if 'forkserver' not in multiprocessing.get_all_start_methods(): return multiprocessing.get_context('spawn')
    context = multiprocessing.get_context('forkserver')
    if getattr(forkserver._forkserver, 'elsewhere', False): return context
    context.set_forkserver_preload(['libraries'])
    before = os.environ.get('PYTHONPATH')
    os.environ['PYTHONPATH'] = os.pathsep.join(filter(None, [str(Path(__file__).parent), before])) # the server does not look where this process looks
    try: forkserver.ensure_running()
    finally: os.environ.pop('PYTHONPATH') if before is None else os.environ.update(PYTHONPATH=before)
    return context

# The libraries are imported once for all processes of pytest-xdist: the one that began them has the server. Python has no public way to
# use another process's server: where its names are others, each process has a server of its own.
SERVER = '_forkserver_address', '_forkserver_authkey' # of Python 3.10; from 3.14 on

def server():
    "What another process must know to use this one's server; it begins to import at once."
    if processes().get_start_method() != 'forkserver': return {}
    return {name: value for name in SERVER if (value := getattr(forkserver._forkserver, name, None))}

def use_server(known):
    "Let processes come from the server of another process."
    ours = forkserver._forkserver
    if SERVER[0] not in known or not hasattr(ours, '_forkserver_alive_fd'): return
    vars(ours).update(known, elsewhere=True, ensure_running=resource_tracker.ensure_running)
    ours._forkserver_alive_fd = os.pipe()[1] # what each new process is given: nobody listens

def definition_before(cells, failed):
    "The name of the exported definition that stands last before a cell (or in it)."
    names = []
    for cell in cells[:failed + 1]:
        if cell.cell_type != 'code' or not re.match(r'#\| *export', cell.source): continue
        names += [node.name for node in ast.parse(cell.source).body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    return names[-1] if names else 'its first lines'

def processor_seconds():
    "Of this process and of those it has started and seen end."
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system

class Run:
    "A notebook that runs in this process, cell by cell as Jupyter would."
    def __init__(self, path, skip=()):
        from execnb.shell import CaptureShell
        from nbdev.process import NBProcessor
        from nbdev.test import _skip_cell
        self.path, self.cells, self.seconds = path, [], []
        self.notebook, self.shell = NBProcessor(path, rm_directives=False, process=True).nb, CaptureShell(path)
        self.leave_out = _skip_cell(self.notebook, skip)

    def before(self, cell):
        if self.leave_out(cell): return True
        self.cells.append(cell)
        self.began = processor_seconds()

    def after(self, cell): self.seconds.append(processor_seconds() - self.began)

    def report(self):
        "'' or what failed, by cell and by the definition before it."
        os.chdir(self.path.parent)
        try: self.shell.run_all(self.notebook, exc_stop=True, preproc=self.before, postproc=self.after, cell_timeout=3600)
        except BaseException: return self.named(self.cells[-1]) + f'\n\n{self.shell.prettytb(fname=self.path) or traceback.format_exc()}'
        return ''

    def named(self, cell):
        number = next(i for i, other in enumerate(self.notebook.cells) if other is cell)
        return f'{self.path.relative_to(TOP/"nbs")}, {definition_before(self.notebook.cells, number)} (cell {number + 1}):\n{cell.source}'

    def slow(self):
        "'' or which cells take too long for the core suite."
        found = [f'{self.named(cell)}\ntakes {seconds:.1f} s of a processor' for cell, seconds in zip(self.cells, self.seconds) if seconds > SLOW_CELL]
        return '\n\n'.join([*found, 'Make it faster, or begin the cell with #| long to leave it out of the core suite.']) if found else ''

def draw_nothing():
    "Figures are made, but not drawn: that takes as long as all else in a notebook."
    from IPython.core import pylabtools
    for name in ('print_figure', 'retina_figure'): setattr(pylabtools, name, lambda *args, **how: None)

def run(path, core=False):
    """Run a notebook in this process; returns '' or a report of what failed, and '' or which cells are slow. `core`: without figures and
    the cells that begin with `#| long`."""
    if core: draw_nothing()
    notebook = Run(path, (*LEFT_OUT, *(['long'] if core else [])))
    return notebook.report(), notebook.slow() if core else ''

def _send(function, arguments, connection): connection.send(function(*arguments))

def apart(function, *arguments):
    "What a function gives in a process of its own, which begins with everything imported."
    ours, theirs = processes().Pipe(duplex=False)
    process = processes().Process(target=_send, args=(function, arguments, theirs))
    process.start()
    theirs.close()
    try: return ours.recv()
    finally: process.join()

def script(path, *arguments, cwd=TOP, **environment):
    "What `python path arguments` gives, as `subprocess.run` does, in a process that begins with everything imported."
    return apart(_captured, [str(path), *map(str, arguments)], str(cwd), environment, multiprocessing.get_start_method())

def code(source, *arguments, cwd=TOP, **environment):
    "What `python -c source arguments` gives, as `script`."
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, 'code.py').write_text(source, encoding='utf-8')
        return script(Path(folder, 'code.py'), *arguments, cwd=cwd, **environment)

def _captured(arguments, cwd, environment, method):
    multiprocessing.set_start_method(method, force=True) # what it starts, it starts as it would at a reader's
    os.chdir(cwd)
    os.environ.update(environment)
    sys.argv, sys.path[:0] = arguments, [str(Path(arguments[0]).parent), cwd]
    streams = [tempfile.TemporaryFile() for _ in (1, 2)]
    for number, stream in enumerate(streams, 1): os.dup2(stream.fileno(), number)
    sys.stdout, sys.stderr = (open(number, 'w', encoding='utf-8', closefd=False) for number in (1, 2))
    return subprocess.CompletedProcess(arguments, _exit_code(arguments[0]), *map(_text_of, (sys.stdout, sys.stderr), streams))

def _exit_code(path):
    try: runpy.run_path(path, run_name='__main__')
    except SystemExit as end:
        if isinstance(end.code, str): print(end.code, file=sys.stderr)
        return end.code if isinstance(end.code, int) else int(bool(end.code))
    except BaseException:
        traceback.print_exc()
        return 1
    return 0

def _text_of(written, stream):
    written.flush()
    stream.seek(0)
    return stream.read().decode()

# Jupyter's kernels, where many are started: `jupyter_client.provisioning.local_provisioner.launch_kernel = forked_kernel`, in a process that uses the server

class _Kernel:
    "A kernel's process, as Jupyter asks for one: what it uses of `subprocess.Popen`."
    stdin = stdout = stderr = None
    def __init__(self, process): self.process, self.pid = process, process.pid
    def poll(self): return self.process.exitcode
    returncode = property(poll)
    def send_signal(self, number): os.kill(self.pid, number)
    def terminate(self): self.process.terminate()
    def kill(self): self.process.kill()
    def wait(self, timeout=None):
        self.process.join(timeout)
        return self.poll()

def forked_kernel(command, cwd=None, env=None, **_):
    "What Jupyter's `launch_kernel` does, by a process that begins with everything imported."
    ours, theirs = processes().Pipe(duplex=False)
    process = processes().Process(target=_kernel, args=(command[command.index('-f'):], cwd, dict(env or os.environ), theirs))
    process.start()
    theirs.close()
    ours.recv() # from now on it has a group of its own, which Jupyter interrupts
    return _Kernel(process)

def _kernel(arguments, cwd, environment, connection):
    os.setsid()
    if cwd: os.chdir(cwd)
    os.environ.update(environment)
    for stream in (1, 2): os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
    connection.send('begun')
    from ipykernel.kernelapp import IPKernelApp
    IPKernelApp.launch_instance(arguments)

def _child(path, profile, core, method, connection):
    multiprocessing.set_start_method(method, force=True) # what the notebook starts, it starts as it would at a reader's
    os.environ.update(DEBLUR_NB_PROFILE=profile, MPLBACKEND='Agg', IN_TEST='1')
    silence = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2): os.dup2(silence, stream)
    try: report = run(Path(path), core)
    except BaseException: report = traceback.format_exc(), ''
    connection.send(report)

def run_notebook(path, profile='smoke', core=False, timeout=900):
    "Run a notebook in a process of its own, in a profile; returns '' or a report of what failed."
    ours, theirs = processes().Pipe(duplex=False)
    process = processes().Process(target=_child, args=(str(path), profile, core, multiprocessing.get_start_method(), theirs))
    process.start()
    theirs.close()
    try:
        if not ours.poll(timeout): return f'{path} takes more than {timeout} seconds'
        failure, slow = ours.recv()
        if slow: warnings.warn(slow) # no failure: how long a cell takes depends on the machine
        return failure
    except EOFError: return f'{path}: its process ended by itself, with exit code {process.join() or process.exitcode}'
    finally:
        process.kill()
        process.join()
