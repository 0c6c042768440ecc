"""What runs on a CPU runs on an NVIDIA GPU, to the same numbers. Where there is none, these tests are skipped.

Convolutions may use TF32 or other algorithms there, hence tolerances of a few thousandths of the range."""
import pytest
import torch

from deblur_nb.blur import blur
from deblur_nb.cli import photo_command, train_command
from deblur_nb.data import BlurredPairs, pair_dataloaders
from deblur_nb.metrics import choose_metrics
from deblur_nb.photos import open_photo, to_array, to_tensor
from deblur_nb.restore import fast
from deblur_nb.blur import ShakeKernels
from deblur_nb.restore import pretrained, restore
from deblur_nb.settings import rng, profile, repo_file
from deblur_nb.training import learner, systems

DEVICE = 'cuda'
pytestmark = [pytest.mark.cuda, pytest.mark.long, pytest.mark.skipif(not torch.cuda.is_available(), reason='needs an NVIDIA GPU')]

@pytest.fixture
def pair():
    "Blurred and sharp photo, (1, 3, H, W)."
    return [to_tensor(open_photo(repo_file('data_samples', folder, 'astronaut.png')))[None] for folder in ('blurred', 'sharp')]

def test_blur(pair):
    kernels = ShakeKernels(21, (7, 15))(1, rng(0))
    for method in ('direct', 'fft'):
        torch.testing.assert_close(blur(pair[1].to(DEVICE), kernels.to(DEVICE), method=method).cpu(), blur(pair[1], kernels, method=method), atol=2e-3, rtol=0)

@pytest.mark.parametrize('name', choose_metrics('all'))
def test_metric(name, pair):
    metric = choose_metrics([name])[name]
    torch.testing.assert_close(metric(*(side.to(DEVICE) for side in pair)).cpu().double(), metric(*pair).double(), atol=2e-3, rtol=2e-3)

def test_restored_photo_is_the_same(pair):
    blurred = repo_file('data_samples', 'blurred', 'astronaut.png')
    here, there = (to_array(to_tensor(restore(blurred, pretrained(), device=device))) for device in ('cpu', DEVICE))
    assert abs(here.astype(int) - there.astype(int)).mean() < 0.5 # of 255 levels

@pytest.mark.parametrize('precision', ['float32', 'bfloat16'])
def test_fast_network(precision, pair):
    model, blurred = pretrained().to(DEVICE), pair[0][..., :200, :300].to(DEVICE)
    with torch.no_grad(): plain = model(blurred)
    assert (fast(model, precision)(blurred) - plain).square().mean().sqrt() < (2e-3 if precision == 'float32' else 2e-2)

@pytest.mark.parametrize('system', systems)
def test_a_system_trains(system, pair):
    scale = profile('smoke')
    sides = [BlurredPairs([pair[1][0]], ShakeKernels(scale.kernel_size, scale.kernel_extent, scale.kernel_variant), crop=scale.crop, items=scale.items, train=train)
             for train in (True, False)]
    learn = learner(system, pair_dataloaders(*sides, scale.batch_size, device=DEVICE), scale, vgg='random')
    with learn.no_bar(), learn.no_logging(): learn.fit(1)
    assert next(learn.model.parameters()).device.type == DEVICE and all(torch.tensor(learn.recorder.values[-1]).isfinite())

def test_a_training_goes_on_after_a_stop(tmp_path):
    run = [str(repo_file('data_samples', 'sharp')), '--out', str(tmp_path/'run'), '--profile', 'smoke', '--variant', 'pixel', '--device', DEVICE]
    assert train_command([*run, '--set', 'decay_epochs=0']) == 0 and train_command([*run, '--set', 'decay_epochs=1', '--resume']) == 0
    assert len((tmp_path/'run'/'log.csv').read_text().splitlines()) == 3
    assert photo_command([str(repo_file('data_samples', 'blurred', 'astronaut.png')), '--out', str(tmp_path/'restored'), '--weights', str(tmp_path/'run'/'weights'), '--device', DEVICE]) == 0
