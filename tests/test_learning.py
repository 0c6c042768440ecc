"""The heart beats: a small network learns to undo one known kernel on photos it never saw, and a critic alone shows a generator the way."""
import fastai.callback.progress, fastai.callback.schedule # noqa: what a Learner is given by their imports
import pytest
import torch
import torch.nn.functional as F
from fastai.learner import Learner
from skimage import data
from torch import nn

from deblur_nb.blur import read_kernel
from deblur_nb.data import BlurredPairs, pair_dataloaders
from deblur_nb.losses import WGANGP, LeastSquares
from deblur_nb.metrics import psnr
from deblur_nb.models import CompactUNet
from deblur_nb.photos import open_photo, to_tensor
from deblur_nb.settings import repo_file, rng, seed_everything
from deblur_nb.training import Adversarial, adam

pytestmark = pytest.mark.long

# A minute of training

UNSEEN = 'camera', 'chelsea', 'coffee', 'rocket'

def sample(name): return to_tensor(open_photo(repo_file('data_samples', 'sharp', f'{name}.png')))

def seen():
    "Photos to learn from: the other samples, and what comes with scikit-image."
    others = data.brick(), data.grass(), data.gravel(), data.page(), data.moon(), data.immunohistochemistry(), data.cell(), data.stereo_motorcycle()[0]
    return [*map(sample, ('astronaut', 'coins', 'hubble_deep_field', 'text')), *map(to_tensor, others)]

def test_a_minute_of_training_undoes_a_known_kernel_on_photos_never_seen():
    seed_everything(1)
    kernel, steps, batch = read_kernel(repo_file('data_samples', 'kernels', 'coffee.npy'))[None], 160, 8
    unseen = [sample(name) for name in UNSEEN]
    dls = pair_dataloaders(BlurredPairs(seen(), kernel, crop=64, items=steps*batch), BlurredPairs(unseen, kernel, crop=64, train=False), batch, device='cpu')
    learn = Learner(dls, CompactUNet(16, blocks=1), F.l1_loss)
    with learn.no_bar(), learn.no_logging(): learn.fit_one_cycle(1, 3e-3)
    learn.model.eval()
    gains = {}
    for name, (blurred, sharp) in zip(UNSEEN, BlurredPairs(unseen, kernel, crop=None, train=False)):
        with torch.no_grad(): restored = learn.model(blurred[None]).clamp(-1, 1)
        gains[name] = (psnr(restored, sharp[None]) - psnr(blurred[None], sharp[None])).item()
    assert sum(gains.values())/len(gains) > 3 and min(gains.values()) > 1, gains

# A critic alone

TRUE_COLOUR = torch.tensor([.5, -.25, .125])[:, None, None]

class Tint(nn.Module):
    "A generator that can only add a colour."
    def __init__(self):
        super().__init__()
        self.colour = nn.Parameter(torch.zeros(3, 1, 1))

    def forward(self, photos): return photos + self.colour

class Strangers:
    "No pairs: photos of noise, and others with the true colour; one by one they say nothing of each other."
    def __init__(self, count, seed):
        self.plain, self.tinted = (.1*torch.randn(count, 3, 8, 8, generator=rng(seed + i)) for i in range(2))
    def __len__(self): return len(self.plain)
    def __getitem__(self, i): return self.plain[i], self.tinted[i] + TRUE_COLOUR

@pytest.mark.parametrize('rule', [WGANGP(), LeastSquares()], ids=lambda rule: type(rule).__name__)
def test_the_critics_gradient_leads_the_generator_where_no_other_loss_does(rule):
    "The content loss is zero everywhere, so only the critic can tell that the real photos are redder, less green and a little bluer."
    seed_everything(3)
    dls = pair_dataloaders(Strangers(3200, 1), Strangers(16, 5), 16, device='cpu')
    critic = nn.Sequential(nn.Flatten(), nn.Linear(3*64, 32), nn.LeakyReLU(.2), nn.Linear(32, 1))
    game, generator = Adversarial(critic, rule, n_critic=3, lr=2e-3), Tint()
    learn = Learner(dls, generator, lambda restored, sharp: 0*restored.sum(), lr=5e-3, opt_func=adam(), cbs=game)
    with learn.no_bar(), learn.no_logging(): learn.fit(2)
    far = (generator.colour - TRUE_COLOUR).abs().max().item() # at the start: 0.5
    assert far < .15, generator.colour.flatten().tolist()
