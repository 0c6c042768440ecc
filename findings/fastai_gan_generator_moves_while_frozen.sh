#!/usr/bin/env bash
# fastai's GANLearner moves the frozen generator in every turn of the critic: with wgan, three quarters of its way are made there.
#
# Its documentation says: freeze the generator, train the critic for a step, then the other way round, and wgan gives the critic five turns for
# one of the generator's. GANTrainer freezes by requires_grad = False. But one optimiser holds both networks, and fastai's optimisers step
# every parameter that has a gradient, while zero_grad leaves zeros where PyTorch's leaves None. From its first turn on, the
# generator has a gradient, of zeros: Adam, which is the default, goes on along its momentum, and weight decay shrinks the weights.
# With momentum 0.9 a gradient moves the generator by 1 in its own turn and by 0.9 + ... + 0.9^5 = 3.7 in the critic's next five, down the
# slope of a critic that has changed meanwhile. So n_crit, mom and wd are not what they say, and nothing shows it but the weights.
# RMSProp, which fastai's own example takes with wd=0, has no momentum and stands still. The critic moves alike in the generator's turns.
# What helps: opt_func=partial(OptimWrapper, opt=torch.optim.Adam), whose zero_grad leaves None; or mom=0. and wd=0.
#
# Seen:
#     fastai 2.8.12 torch 2.14.1+cu130
#     Adam, as it comes  a step of the generator in its turns 7.9e-03, in the critic's 5.6e-03, 77.6% of its way; of the critic in the generator's 1.8e-02
#     Adam, wd=0         a step of the generator in its turns 7.9e-03, in the critic's 5.6e-03, 77.6% of its way; of the critic in the generator's 1.8e-02
#     Adam, mom=0        a step of the generator in its turns 4.2e-02, in the critic's 1.9e-05, 0.2% of its way; of the critic in the generator's 2.2e-06
#     SGD, mom=0.9, wd=0 a step of the generator in its turns 2.4e-05, in the critic's 1.7e-05, 77.9% of its way; of the critic in the generator's 2.5e-03
#     RMSProp, wd=0      a step of the generator in its turns 1.1e-01, in the critic's 0.0e+00, 0.0% of its way; of the critic in the generator's 0.0e+00
#     Adam, mom=0, wd=0  a step of the generator in its turns 4.2e-02, in the critic's 0.0e+00, 0.0% of its way; of the critic in the generator's 0.0e+00
#     PyTorch's Adam     a step of the generator in its turns 1.3e-02, in the critic's 0.0e+00, 0.0% of its way; of the critic in the generator's 0.0e+00
#     by momentum alone, of gradients alike: 78.7%
#
# Needs Python 3.11 or later, a package index and, on Linux, 8 GB of disk for PyTorch. Exit 0: the behaviour is as described; 1: it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q fastai==2.8.12 torch==2.14.1 torchvision==0.29.1 scikit-image==0.26.0
cd "$folder"
env/bin/python -W ignore - <<'PY'
import sys
from functools import partial
import fastai, torch
from fastai.callback.core import Callback
from fastai.data.core import DataLoaders
from fastai.data.load import DataLoader
from fastai.optimizer import Adam, OptimWrapper, RMSProp, SGD
from fastai.vision.gan import GANLearner
from scipy.ndimage import uniform_filter
from skimage import data
from torch import nn

print('fastai', fastai.__version__, 'torch', torch.__version__)
photo = torch.tensor(data.astronaut() / 255, dtype=torch.float32).permute(2, 0, 1)
blurred = torch.tensor(uniform_filter(photo.numpy(), (0, 1, 9)))

def crops(photo): return photo.unfold(1, 32, 32).unfold(2, 32, 32).flatten(1, 2).transpose(0, 1)
pairs = list(zip(crops(blurred), crops(photo)))

class Watch(Callback): # how far each step of the optimiser moves the weights of both networks
    order = 99
    def weights(self): return [nn.utils.parameters_to_vector(net.parameters()).detach().clone() for net in self.nets]
    def before_step(self):
        self.nets = self.model.generator, self.model.critic
        self.before = self.weights()
    def after_step(self):
        frozen = [not next(net.parameters()).requires_grad for net in self.nets]
        self.rows.append((frozen, *[float((now - then).norm()) for now, then in zip(self.weights(), self.before)]))

def moves(opt_func, **options): # of the generator in its turns and, after the first, in the critic's; of the critic in the generator's
    torch.manual_seed(0)
    generator = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 3, 3, padding=1))
    critic = nn.Sequential(nn.Conv2d(3, 8, 4, stride=2), nn.LeakyReLU(0.2), nn.Conv2d(8, 1, 4, stride=2), nn.Flatten())
    watch = Watch()
    watch.rows = []
    dls = DataLoaders(DataLoader(pairs, bs=4), DataLoader(pairs[:4], bs=4))
    learn = GANLearner.wgan(dls, generator, critic, opt_func=opt_func, cbs=watch)
    with learn.no_bar(), learn.no_logging(): learn.fit(1, 1e-3, **options)
    own, others = [[row[1:] for row in watch.rows[5:] if row[0] == frozen] for frozen in ([False, True], [True, False])]
    return [g for g, _ in own], [g for g, _ in others], [c for _, c in own]

optimisers = {'Adam, as it comes': (Adam, {}), 'Adam, wd=0': (Adam, dict(wd=0.)), 'Adam, mom=0': (partial(Adam, mom=0.), {}),
              'SGD, mom=0.9, wd=0': (partial(SGD, mom=0.9), dict(wd=0.)), 'RMSProp, wd=0': (RMSProp, dict(wd=0.)),
              'Adam, mom=0, wd=0': (partial(Adam, mom=0.), dict(wd=0.)), "PyTorch's Adam": (partial(OptimWrapper, opt=torch.optim.Adam), {})}
as_described, shares = True, {}
def middle(moves): return sum(moves) / len(moves)
for name, (opt_func, options) in optimisers.items():
    own, others, critic = moves(opt_func, **options)
    shares[name] = sum(others) / (sum(own) + sum(others))
    print(f"{name:18s} a step of the generator in its turns {middle(own):.1e}, in the critic's {middle(others):.1e},",
          f"{shares[name]:.1%} of its way; of the critic in the generator's {middle(critic):.1e}")
    as_described &= (middle(critic) > 0) == (max(others) > 0)
seen, momentum = list(shares.values()), sum(0.9**k for k in range(1, 6))
print(f'by momentum alone, of gradients alike: {momentum / (1 + momentum):.1%}')
as_described &= len(own) == 10 and len(others) == 49
as_described &= min(seen[:2]) > 0.7 and 1e-4 < seen[2] < 0.05 and abs(seen[3] - momentum / (1 + momentum)) < 0.05 and max(seen[4:]) == 0
print('the frozen generator moves, as described' if as_described else 'the behaviour has changed')
sys.exit(not as_described)
PY
