"""One training in two processes: the same numbers as one process with the whole batch; if one is killed, the other ends, and both go on.
A synthesis and an evaluation in two processes make what one makes."""
import csv, multiprocessing, os, signal, socket
from functools import partial

import pytest
import torch
import torch.nn.functional as F
from fastai.learner import Learner
from fastai.optimizer import OptimWrapper
from PIL import Image
from skimage import data

import running
from deblur_nb.training import TrainingState, read_state
from deblur_nb.cli import evaluate_command, synthesise_command, train_command
from deblur_nb.data import BlurredPairs, pair_dataloaders
from deblur_nb.losses import WGANGP
from deblur_nb.models import DeblurGAN, PatchCritic
from deblur_nb.training import ManyProcesses, group, ranks
from deblur_nb.settings import seed_everything
from deblur_nb.training import Adversarial

pytestmark = pytest.mark.long

SMALL = dict(epochs=1, decay_epochs=1, items=24, val_items=2, crop=32, width=2, critic_width=2, kernel_pool=4)

@pytest.fixture(scope='module')
def processes():
    "Processes that begin with everything imported, each a new one."
    if 'forkserver' not in multiprocessing.get_all_start_methods(): pytest.skip('this system cannot fork')
    return running.processes()

@pytest.fixture
def photos(tmp_path):
    (folder := tmp_path/'photos').mkdir()
    for name in ('astronaut', 'coffee'): Image.fromarray(getattr(data, name)()[:70, 200:280]).save(folder/f'{name}.png')
    return folder

def begin(environment, said=os.devnull):
    "Make this process one of several."
    os.environ.update(environment)
    torch.set_num_threads(1) # sums in one order
    for stream, path in ((1, os.devnull), (2, said)): os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), stream)

def whole_game(environment, photos, out, batch):
    "Two epochs of a tiny DeblurGAN with WGAN-GP, without batch statistics and dropout; by SGD, since Adam would blow up the rounding of gradients that are zero."
    begin(environment)
    sgd = partial(torch.optim.SGD, lr=.002)
    with group('cpu') as device:
        seed_everything(5 + ranks()[0]) # process 0's weights must become everyone's
        dls = pair_dataloaders(BlurredPairs(photos, crop=32, items=24, pool=4), BlurredPairs(photos, crop=32, train=False), batch, device=device)
        game = Adversarial(PatchCritic(width=4, layers=2, norm='none'), WGANGP(), content_weight=10.)
        game.optimisers = {name: sgd(critic.parameters()) for name, critic in game.critics.items()}
        learn = Learner(dls, DeblurGAN(width=4, blocks=1, norm='none', dropout=0.), F.l1_loss, opt_func=partial(OptimWrapper, opt=torch.optim.SGD), lr=.002, cbs=[game, ManyProcesses()])
        first = [p.clone() for p in learn.model.parameters()]
        with learn.no_bar(), learn.no_logging(): learn.fit(2, cbs=TrainingState(out))
        assert all((a != b).any() for a, b in zip(first, learn.model.parameters()))

def by_command(environment, said, args, killed_in):
    "`deblur-train`; this process kills itself in a step."
    begin(environment, said)
    from deblur_nb.training import StopOnNaN
    step = StopOnNaN.after_loss
    def noted(self):
        if self.learn.train_iter == killed_in: os.kill(os.getpid(), signal.SIGKILL)
        step(self)
    StopOnNaN.after_loss = noted
    os._exit(train_command(args))

def started(processes, work, world, *args_of):
    "So many processes of one launch; `args_of(rank)` follow the environment."
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        place = dict(MASTER_ADDR='127.0.0.1', MASTER_PORT=str(free.getsockname()[1]), WORLD_SIZE=str(world))
    children = [processes.Process(target=work, args=(place | dict(RANK=str(rank), LOCAL_RANK=str(rank)), *(arg(rank) if callable(arg) else arg for arg in args_of))) for rank in range(world)]
    for child in children: child.start()
    return children

def codes(children, patience=300):
    "Exit codes; a process that has not ended after so many seconds fails the test."
    for child in children: child.join(patience)
    late = [child for child in children if child.exitcode is None]
    for child in late: child.kill()
    assert not late
    return [child.exitcode for child in children]

def tensors(thing, where=''):
    "All tensors and numbers of a nested state by their place."
    if isinstance(thing, (dict, list, tuple)): return {place: value for key, part in (thing.items() if isinstance(thing, dict) else enumerate(thing)) for place, value in tensors(part, f'{where}/{key}').items()}
    return {where: thing}

def test_two_processes_equal_one_with_the_whole_batch(processes, photos, tmp_path):
    children = started(processes, whole_game, 1, photos, tmp_path/'one.pt', 4) + started(processes, whole_game, 2, photos, tmp_path/'two.pt', 2)
    assert codes(children) == [0, 0, 0]
    one, two = (read_state(tmp_path/f'{name}.pt') for name in ('one', 'two'))
    assert len(two['own']) == 2 and one['train_iter'] == two['train_iter'] == 12 and torch.equal(one['own'][0]['draw'], two['own'][1]['draw'])
    players = [tensors(dict(model=state['model'], critics=state['critics'])) for state in (one, two)]
    assert max((players[0][name] - players[1][name]).abs().max().item() for name in players[0]) < 1e-6
    assert torch.tensor(one['recorder']['values']).allclose(torch.tensor(two['recorder']['values']), rtol=1e-5, atol=1e-6)

def test_a_killed_process_ends_the_other_and_both_go_on(processes, photos, tmp_path):
    settings = [word for name, value in (SMALL | dict(batch_size=2)).items() for word in ('--set', f'{name}={value}')]
    def args(out): return [*map(str, (photos, '--out', tmp_path/out, '--profile', 'smoke', '--variant', 'pixel', '--device', 'cpu', '--save-batches', 2, '--net', 'dropout=.5', *settings, '--resume'))]
    def run(out, killed_in=lambda rank: None): return started(processes, by_command, 2, lambda rank: str(tmp_path/f'{out}-{rank}.txt'), args(out), killed_in)
    undisturbed = run('straight')
    children = run('killed', lambda rank: 9 if rank == 1 else None)
    assert codes(children[1:]) + codes(children[:1], 60) == [-signal.SIGKILL, 1] # within a minute
    said = (tmp_path/'killed-0.txt').read_text()
    assert 'Process 0 of 2 has lost the others' in said and len([line for line in said.strip().splitlines() if not line.startswith(('note:', 'departs from the paper:'))]) == 1
    assert read_state(tmp_path/'killed'/'state.pt')['train_iter'] == 8 and not (tmp_path/'killed'/'weights').exists()
    assert codes(undisturbed + run('killed')) == [0, 0, 0, 0]
    straight, killed = (tensors(read_state(tmp_path/name/'state.pt')) for name in ('straight', 'killed'))
    assert straight.keys() == killed.keys()
    assert [name for name in straight if not (torch.equal(straight[name], killed[name]) if isinstance(straight[name], torch.Tensor) else straight[name] == killed[name])] == []
    for file in ('log.csv', 'pictures/epoch_001.jpg', 'weights/model.safetensors'): assert (tmp_path/'straight'/file).read_bytes() == (tmp_path/'killed'/file).read_bytes()

# The commands of the README, each on two processes

def other_command(environment, said, command, args):
    "`deblur-synthesise` or `deblur-evaluate`."
    begin(environment, said)
    os._exit(command(args))

def contents(folder): return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob('*') if path.is_file()}

def rows(path):
    "Of a table of photos, without the times."
    with open(path, newline='', encoding='utf-8') as file: return [{name: value for name, value in row.items() if name != 'seconds'} for row in csv.DictReader(file)]

def test_two_processes_synthesise_and_evaluate_what_one_does(processes, photos, tmp_path):
    def run(world, command, out, *args): return codes(started(processes, other_command, world, lambda rank: str(tmp_path/f'{out}-{rank}.txt'), lambda rank: command, [str(word) for word in args]))
    for world, name in ((1, 'one'), (2, 'two')):
        assert run(world, synthesise_command, name, photos, tmp_path/name, '--per-photo', 2, '--crop', 64, '--workers', 1) == [0]*world
        out = tmp_path/f'results-{name}'
        assert run(world, evaluate_command, f'e-{name}', tmp_path/'one', '--out', out, '--device', 'cpu') == [0]*world, (tmp_path/f'e-{name}-0.txt').read_text()
    assert contents(tmp_path/'one') == contents(tmp_path/'two')
    assert rows(tmp_path/'results-one'/'images.csv') == rows(tmp_path/'results-two'/'images.csv') != []
    again = run(2, evaluate_command, 'again', tmp_path/'one', '--out', tmp_path/'results-two', '--device', 'cpu')
    assert again[0] == 1 and '--resume goes on with it' in (tmp_path/'again-0.txt').read_text()
