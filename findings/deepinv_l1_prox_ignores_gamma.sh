#!/usr/bin/env bash
# deepinv's L1.prox, the proximal step of the data term for outliers, takes no notice of its step size gamma.
#
# A photo with burnt-out and dead pixels is deblurred with |Ax - y|_1, and ADMM, HQS, DRS and PGD take its proximal operator: of
# gamma |Au - y|_1 + |u - x|^2 / 2 the minimum over u, gamma being their stepsize. deepinv's result is that of gamma = 1 (exactly so where
# A has norm 1), whatever gamma says. For the identity the right answer is known: each pixel of x moves towards y by at most gamma. With
# gamma = 0.001 deepinv's returns y itself. For a blur with a small gamma, what it returns is worse, by the very sum that it should minimise,
# than x as it was given. Here the right step is found by the same dual iteration in a line of PyTorch. What helps, where A's norm is at
# most 1: gamma times the step of x / gamma and y / gamma, with stepsize=1.
#
# Needs Python 3.11 or later, a package index and, on Linux, 8 GB of disk for PyTorch. Exit 0: the behaviour is as described; 1: it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q deepinv==0.5.0 torch==2.14.1 torchvision==0.29.1 scikit-image==0.26.0
cd "$folder"
env/bin/python - <<'PY'
import contextlib, io, sys
import deepinv, torch
from deepinv.optim import L1
from deepinv.physics import Blur, Denoising
from skimage import data
from torch.nn.functional import softshrink

print('deepinv', deepinv.__version__, 'torch', torch.__version__)
torch.manual_seed(0)
sharp = torch.tensor(data.camera()[100:164, 200:264] / 255, dtype=torch.float32)[None, None]
blur, identity, l1 = Blur(filter=torch.ones(1, 1, 3, 7) / 21, padding='circular'), Denoising(), L1()
y = blur.A(sharp)
y = torch.where(torch.rand_like(y) < 0.1, torch.randint(0, 2, y.shape).float(), y) # a tenth of the pixels black or white

def total(u, x, gamma, physics): return float(gamma * l1.fn(u, y, physics).sum() + ((u - x)**2).sum() / 2)

def prox(x, y, physics, **options):
    with contextlib.redirect_stdout(io.StringIO()): return l1.prox(x, y, physics, max_iter=1000, crit_conv=1e-7, **options)

def right(x, gamma): # projected gradient ascent on the dual; the blur has norm 1
    u = torch.zeros_like(y)
    for _ in range(1000): u = (u + blur.A(x - blur.A_adjoint(u)) - y).clamp(-gamma, gamma)
    return x - blur.A_adjoint(u)

as_described, seen = True, []
for gamma in (0.001, 0.03, 0.1, 1., 3.):
    moved = prox(sharp, y, identity, gamma=gamma)
    far, allowed = float((moved - sharp).abs().max()), float((y + softshrink(sharp - y, gamma) - sharp).abs().max())
    results = y, prox(y, y, blur, gamma=gamma), right(y, gamma), gamma * prox(y / gamma, y / gamma, blur, stepsize=1.)
    given, own, best, helped = [total(u, y, gamma, blur) for u in results]
    seen.append(results[1])
    print(f'gamma {gamma:5}: identity, the farthest pixel moves by {far:.3f}, right {allowed:.3f}; '
          f'blur, the sum to minimise: {given:.3f} given, {own:.3f} by deepinv, {best:.3f} by the dual, {helped:.3f} by what helps')
    as_described &= bool((moved - y).abs().max() < 1e-3) and best < given and abs(helped - best) < 1e-3 * best
    as_described &= own > given if gamma < 0.05 else abs(own - best) < 0.01 * best if gamma == 1 else own > 1.01 * best
apart = max(float((u - seen[3]).abs().max()) for u in seen)
print(f'blur: the results for all gammas differ by at most {apart:.3f}')
as_described &= apart < 0.05
print('gamma is not heeded, as described' if as_described else 'the behaviour has changed')
sys.exit(not as_described)
PY
