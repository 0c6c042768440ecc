"""A training is killed at random moments, its checkpoints are damaged, its disk is full: it goes on to the same numbers, or says what is wrong.
Ctrl-C ends a command and its workers with one sentence."""
import os, random, signal, time

import pytest
import torch
from PIL import Image
from safetensors.torch import load_file
from skimage import data

import running
from deblur_nb.training import read_state
from deblur_nb.cli import synthesise_command, train_command

pytestmark = pytest.mark.long

resource = pytest.importorskip('resource', reason='kills and limits as Linux and macOS have them')
BATCHES, SAVE = 8, 2 # of an epoch; between two checkpoints

@pytest.fixture(scope='module')
def processes():
    "Processes that begin with everything imported, each a new one."
    return running.processes()

@pytest.fixture(scope='module')
def photos(tmp_path_factory):
    folder = tmp_path_factory.mktemp('photos')
    for name in ('astronaut', 'coffee'): Image.fromarray(getattr(data, name)()[:70, 200:280]).save(folder/f'{name}.png')
    return folder

def arguments(photos, out, epochs, *more):
    numbers = dict(epochs=epochs, decay_epochs=1, items=2*BATCHES, val_items=2, crop=32, width=2, critic_width=2, kernel_pool=4)
    settings = [word for name, value in numbers.items() for word in ('--set', f'{name}={value}')]
    network = '--net', 'dropout=0.5' # so that the random state counts
    return [*map(str, (photos, '--out', out, '--profile', 'smoke', '--variant', 'pixel', '--device', 'cpu', '--save-batches', SAVE, *network, *settings, *more))]

def killed_at(moment, how):
    "Make this process end itself at a `moment`: (name of a function of `os`, number of its call), as a power cut would."
    name, count = moment
    real, calls = getattr(os, name), []
    def deadly(*args):
        calls.append(args)
        if len(calls) < count: return real(*args)
        if how == 'after': real(*args)
        os.kill(os.getpid(), signal.SIGKILL)
    setattr(os, name, deadly)

def work(args, said=os.devnull, progress=None, moment=None, how='before', limit=None):
    "What the child does: `deblur-train`, noting each step on the way, its error stream in a file; `limit`: longest file in bytes that the disk takes."
    torch.set_num_threads(1) # sums in one order
    for stream, path in ((1, os.devnull), (2, said)): os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), stream)
    if limit: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    from deblur_nb.training import StopOnNaN
    step = StopOnNaN.after_loss
    def noted(self):
        progress.send(self.learn.train_iter)
        step(self)
    if progress: StopOnNaN.after_loss = noted
    if moment: killed_at(moment, how)
    code = train_command(args)
    if progress: # a kill after the end counts, too
        progress.send(10**9)
        signal.pause()
    os._exit(code)

def outcome(out):
    "Everything that must be the same, bit for bit."
    state = read_state(out/'state.pt')
    state['about'] = None
    return dict(state=state, weights=load_file(out/'weights'/'model.safetensors'), log=(out/'log.csv').read_text(),
                pictures={path.name: path.read_bytes() for path in (out/'pictures').glob('*.jpg')})

def differences(a, b, where=''):
    "The places in which two nested outcomes differ."
    if isinstance(a, dict): return [found for key in a.keys() | b.keys() for found in (differences(a[key], b[key], f'{where}/{key}') if key in a and key in b else [f'{where}/{key}'])]
    if isinstance(a, (list, tuple)): return [found for i, pair in enumerate(zip(a, b)) for found in differences(*pair, f'{where}/{i}')] + [where] * (len(a) != len(b))
    return [] if (torch.equal(a, b) if isinstance(a, torch.Tensor) else a == b) else [where]

def run_until_killed(processes, args, kill_at, delay):
    "Start a training and kill it a little after step `kill_at`; the step that it had reached."
    end, other = processes.Pipe(duplex=False)
    child = processes.Process(target=work, args=(args, os.devnull, other))
    child.start()
    other.close()
    step = -1
    while step < kill_at: step = end.recv() # EOFError if the child failed
    child.join(delay)
    assert child.is_alive()
    child.kill()
    child.join()
    return step

def run_to_the_end(processes, args, **how):
    "The exit code of a training, or minus the signal that ended it."
    child = processes.Process(target=work, args=(args,), kwargs=how)
    child.start()
    child.join()
    return child.exitcode

@pytest.fixture(scope='module')
def straight(processes, photos, tmp_path_factory):
    "What trainings of so many epochs end with if nobody disturbs them."
    made = {}
    def outcome_of(epochs):
        if epochs not in made:
            out = tmp_path_factory.mktemp('straight')/'run'
            assert run_to_the_end(processes, arguments(photos, out, epochs)) == 0
            made[epochs] = outcome(out)
        return made[epochs]
    return outcome_of

def test_kills_at_random_moments_change_nothing(processes, photos, straight, tmp_path, request):
    kills = request.config.getoption('kills')
    epochs, moments = max(2, kills // 4), random.Random(kills)
    args = arguments(photos, tmp_path/'killed', epochs, '--resume')
    for step in sorted(moments.randrange(epochs*BATCHES) for _ in range(kills)): run_until_killed(processes, args, step, moments.uniform(0, .3))
    assert run_to_the_end(processes, args) == 0
    assert differences(straight(epochs), outcome(tmp_path/'killed')) == []

def test_kills_in_the_middle_of_writing_change_nothing(processes, photos, straight, tmp_path):
    args = arguments(photos, tmp_path/'killed', 2, '--resume')
    moments = [('fsync', 1, 'before'), ('replace', 1, 'before'), # the first checkpoint of all
               ('replace', 2, 'after'), # between the two renames: only the previous one is there
               ('fsync', 3, 'before'), ('replace', 2, 'before'), ('replace', 3, 'after'), ('fsync', 4, 'after')]
    for name, count, how in moments: assert run_to_the_end(processes, args, moment=(name, count), how=how) == -signal.SIGKILL
    assert run_to_the_end(processes, args) == 0
    assert differences(straight(2), outcome(tmp_path/'killed')) == []

def test_a_damaged_checkpoint_is_replaced_by_the_one_before_it(processes, photos, straight, tmp_path, capsys):
    args, state = arguments(photos, tmp_path/'run', 2, '--resume'), tmp_path/'run'/'state.pt'
    assert run_to_the_end(processes, args, moment=('fsync', 7), how='before') == -signal.SIGKILL # in the fourth checkpoint
    content = state.read_bytes()
    state.write_bytes(content[:len(content)//2] + b'?' + content[len(content)//2 + 1:])
    assert read_state(state)['train_iter'] == 2*SAVE
    assert 'state.pt is damaged, so the checkpoint before it is used' in capsys.readouterr().err
    assert run_to_the_end(processes, args, said=tmp_path/'said') == 0
    assert 'state.pt is damaged' in (tmp_path/'said').read_text()
    assert differences(straight(2), outcome(tmp_path/'run')) == []

def test_a_checkpoint_with_code_in_it_is_refused(photos, tmp_path, capsys):
    class Harmful:
        def __reduce__(self): return os.mkdir, (str(tmp_path/'harm'),)
    from deblur_nb.training import sealed
    (tmp_path/'run').mkdir()
    torch.save(dict(model=Harmful()), tmp_path/'run'/'plain.pt')
    (tmp_path/'run'/'state.pt').write_bytes(sealed((tmp_path/'run'/'plain.pt').read_bytes()))
    assert train_command(arguments(photos, tmp_path/'run', 2, '--resume')) == 1
    said = capsys.readouterr().err
    assert 'is not a checkpoint that can be read' in said and len(said.strip().splitlines()) == 1 and not (tmp_path/'harm').exists()

def test_a_full_disk_is_said_and_the_last_good_checkpoint_kept(processes, photos, straight, tmp_path):
    args, state = arguments(photos, tmp_path/'run', 2, '--resume'), tmp_path/'run'/'state.pt'
    assert run_to_the_end(processes, args, moment=('fsync', 5), how='before') == -signal.SIGKILL # in the third checkpoint
    content = state.read_bytes()
    assert run_to_the_end(processes, args, limit=len(content)//2, said=tmp_path/'said') == 1
    said = (tmp_path/'said').read_text()
    assert 'state.pt cannot be written' in said and 'The last good checkpoint is kept' in said and len([line for line in said.strip().splitlines() if not line.startswith(('note:', 'departs from the paper:'))]) == 1
    assert state.read_bytes() == content and not list((tmp_path/'run').glob('.part*'))
    assert run_to_the_end(processes, args) == 0
    assert differences(straight(2), outcome(tmp_path/'run')) == []

def test_a_disk_that_is_full_at_the_weights_is_said_and_loses_nothing(photos, tmp_path, capsys, monkeypatch):
    from huggingface_hub import PyTorchModelHubMixin
    from safetensors import SafetensorError
    def full(*args): raise SafetensorError('Error while serializing: I/O error: No space left on device (os error 28)')
    args = arguments(photos, tmp_path/'run', 1, '--resume')
    with monkeypatch.context() as patched:
        patched.setattr(PyTorchModelHubMixin, '_save_pretrained', full)
        assert train_command(args) == 1
    said = capsys.readouterr().err.strip().splitlines()[-1]
    assert 'weights cannot be written' in said and 'No space left' in said and 'make room, and resume' in said
    assert train_command(args) == 0 and (tmp_path/'run'/'weights'/'model.safetensors').exists()

def in_a_terminal(command, args, said):
    "What the child does: a command in a group of its own, as a terminal starts it."
    os.setsid()
    for stream, path in ((1, os.devnull), (2, said)): os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), stream)
    signal.signal(signal.SIGINT, signal.default_int_handler) # the server that this process comes from does not hear it
    os._exit(command(args))

@pytest.mark.parametrize('later', (.3, 2.)) # seconds after the workers have been started: they import what they need
def test_ctrl_c_is_answered_by_one_sentence_and_no_worker_is_left(processes, photos, tmp_path, later):
    args = [str(word) for word in (photos, tmp_path/'pairs', '--crop', 48, '--per-photo', 40, '--workers', 2)]
    child = processes.Process(target=in_a_terminal, args=(synthesise_command, args, tmp_path/'said'))
    child.start()
    while not (tmp_path/'pairs'/'.journal.jsonl').exists(): time.sleep(.01)
    time.sleep(later)
    os.killpg(child.pid, signal.SIGINT)
    child.join(120)
    assert child.exitcode == 130
    said = (tmp_path/'said').read_text()
    assert 'Traceback' not in said and said.splitlines()[-1].endswith('The same command with --resume goes on.')
    for _ in range(300):
        try: os.killpg(child.pid, 0)
        except ProcessLookupError: return
        time.sleep(.1)
    assert False, 'a worker is left'

@pytest.mark.skipif(not hasattr(os, 'geteuid') or os.geteuid() == 0, reason='the superuser may write into any folder')
def test_a_folder_that_may_only_be_read_is_said(photos, tmp_path, capsys):
    (tmp_path/'run').mkdir()
    (tmp_path/'run').chmod(0o500)
    assert train_command(arguments(photos, tmp_path/'run', 2)) == 1
    said = capsys.readouterr().err
    assert str(tmp_path/'run') in said and len(said.strip().splitlines()) == 1
