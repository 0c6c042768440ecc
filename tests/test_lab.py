"""The command deblur-lab, without a browser: what it says, whom it lets in, and that it leaves nothing behind."""
import contextlib, os, re, signal, socket, subprocess, sys, threading, urllib.error, urllib.request
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

TOP = Path(__file__).parent.parent
COMMAND = 'import sys; from deblur_nb.lab.command import main; raise SystemExit(main(sys.argv[1:]))'
posix = pytest.mark.skipif(os.name != 'posix', reason='Ctrl-C is sent as a POSIX signal')

def run(*args, code=COMMAND, cwd=TOP):
    return subprocess.run([sys.executable, '-c', code, *args], cwd=cwd, capture_output=True, text=True, timeout=120)

def test_help_has_examples():
    done = run('--help')
    assert done.returncode == 0 and 'usage: deblur-lab' in done.stdout and 'examples' in done.stdout, done.stderr

def test_help_comes_without_torch():
    done = run(code="import sys, deblur_nb.lab.command; print([name for name in ('torch', 'jupyterlab', 'voila') if name in sys.modules])")
    assert done.stdout.strip() == '[]', done.stderr

@pytest.mark.parametrize('how', [[], ['--page']])
def test_taken_port_is_a_sentence(how):
    with socket.socket() as other:
        other.bind(('127.0.0.1', 0))
        other.listen()
        port = other.getsockname()[1]
        done = run(*how, '--no-browser', '--port', str(port))
    assert done.returncode == 1 and done.stderr.strip() == f'deblur-lab: The port {port} is taken: choose another with --port, or leave it out.'

@pytest.mark.parametrize('how, module, what', [([], 'jupyterlab', 'JupyterLab'), (['--page'], 'voila', 'Voila')])
def test_missing_extra_is_a_sentence(how, module, what):
    done = run('--no-browser', *how, code=f'import sys; sys.modules["{module}"] = None; ' + COMMAND)
    assert done.returncode == 1 and done.stderr.strip() == f'deblur-lab: {what} is not installed: pip install "deblur_nb[lab]".'

def test_checkout_is_not_copied(tmp_path):
    done = run('--no-browser', '--folder', str(tmp_path/'mine'))
    assert done.returncode == 1 and 'leave --folder out' in done.stderr and not (tmp_path/'mine').exists()

def test_template_asks_nobody():
    for path in (TOP/'deblur_nb'/'lab'/'page').iterdir(): assert '://' not in path.read_text(encoding='utf-8'), path

@contextlib.contextmanager
def page(folder, *args, code=COMMAND):
    "The page served from `folder`; yields the process and the address."
    server = subprocess.Popen([sys.executable, '-c', code, '--page', '--no-browser', *args], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    limit = threading.Timer(300, server.kill)
    limit.start()
    try:
        found = re.search(r'http://\S+', server.stdout.readline())
        if not found: # it has ended, or was ended after five minutes
            server.kill()
            pytest.fail(f'no address: exit code {server.wait()}, {server.stderr.read()}')
        yield server, found[0]
    finally:
        limit.cancel()
        server.kill()
        server.wait()

def visit(address):
    "Open an address as a browser does, to its end; this starts a kernel. Returns the text."
    with urllib.request.urlopen(address, timeout=240) as answer: return answer.read().decode()

@posix
def test_page_stops_cleanly_and_takes_its_kernels_along(tmp_path):
    psutil = pytest.importorskip('psutil')
    with page(tmp_path) as (server, address):
        text = visit(address)
        assert 'jupyter-config-data' in text
        kernels = psutil.Process(server.pid).children()
        assert len(kernels) == 1 and Path(kernels[0].cwd()) == tmp_path.resolve() # what it writes, it writes here
        server.send_signal(signal.SIGINT)
        out, err = server.communicate(timeout=60)
        assert server.returncode == 0 and out.splitlines()[-1] == 'Stopped.' and 'Traceback' not in err, err
        assert not psutil.wait_procs(kernels, timeout=30)[1], 'a kernel is left'

@posix
def test_page_ends_what_nobody_uses_and_lets_nobody_in_without_the_token(tmp_path):
    psutil = pytest.importorskip('psutil')
    with page(tmp_path, '--idle', '.3') as (server, address):
        plain = address.split('?')[0]
        assert 'Token authentication' in visit(plain) and not psutil.Process(server.pid).children() # a form, no kernel
        with pytest.raises(urllib.error.HTTPError, match='403'): visit(urllib.request.Request(address, headers={'Host': 'elsewhere.example'}))
        for path in ('voila/files/index.ipynb', 'voila/files/images/output_3_0.jpg', 'voila/tree/'):
            with pytest.raises(urllib.error.HTTPError): visit(f'{plain}{path}?{address.split("?")[1]}')
        assert "default-src 'self'" in urllib.request.urlopen(plain).headers['Content-Security-Policy']
        visit(address)
        assert not psutil.wait_procs(psutil.Process(server.pid).children(), timeout=120)[1], 'an idle kernel is not ended'

@posix
def test_page_takes_another_port_if_the_free_one_is_taken_meanwhile(tmp_path):
    with socket.socket() as other:
        other.bind(('127.0.0.1', 0))
        other.listen()
        port = other.getsockname()[1]
        late = f'import deblur_nb.lab.command as command; command.free_port = lambda *_: {port}; ' + COMMAND
        with page(tmp_path, code=late) as (server, address):
            plain = address.split('?')[0]
            assert f':{port}/' not in plain and 'Token authentication' in visit(plain)
