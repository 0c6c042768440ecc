#!/usr/bin/env bash
# deepinv's PoissonLikelihood has a gradient that is too short by the square of the gain, so a descent with a prior raises its own cost.
#
# PoissonNoise(gain) counts photons: at gain 0.02 a white pixel has 50. PoissonLikelihood(gain) is the data term that belongs to it. Its value
# divides the light by the gain; its derivative has 1 / gain in front, and grad has gain. At gain 1 it is right. At 0.1 the gradient
# is 1 / 100 of the value's slope in every pixel, at 0.02 it is 1 / 2500. Alone that looks like a small step; with a prior, the prior weighs
# 100 or 2500 times what lambda says, and the descent smooths away what the data ask for. Here the same descent is run with the gradient of
# deepinv and with that of autograd through deepinv's own value. Besides, of a batch, each photo's value has the logarithms of all photos in
# it. What helps: divide by gain**2, or let autograd differentiate the value (fn).
#
# Needs Python 3.11 or later, a package index and, on Linux, 8 GB of disk for PyTorch. Exit 0: the behaviour is as described; 1: it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q deepinv==0.5.0 torch==2.14.1 torchvision==0.29.1 scikit-image==0.26.0
cd "$folder"
env/bin/python - <<'PY'
import sys
import deepinv, torch
from deepinv.optim import PoissonLikelihood, SmoothedTVPrior
from deepinv.physics import Blur, PoissonNoise
from skimage import data

print('deepinv', deepinv.__version__, 'torch', torch.__version__)
torch.manual_seed(0)
sharp = torch.tensor(data.camera()[100:164, 200:264] / 255, dtype=torch.float32)[None, None]
prior = SmoothedTVPrior()

def slope(value, x): # the gradient by autograd
    x = x.clone().requires_grad_()
    return torch.autograd.grad(value(x).sum(), x)[0]

as_described = True
for gain in (1., 0.1, 0.02):
    blur = Blur(filter=torch.ones(1, 1, 5, 5) / 25, padding='circular', noise_model=PoissonNoise(gain=gain))
    y, likelihood = blur(sharp), PoissonLikelihood(gain=gain, bkg=0.01)

    def value(x): return likelihood.fn(x, y, blur)
    def cost(x): return float(value(x) + prior.fn(x))

    def descent(gradient): # 400 steps of projected gradient descent from A'y, and the cost where it ends
        x = start
        for _ in range(400): x = (x - 0.03 * gain * (gradient(x) + prior.grad(x))).clamp_min(0.01)
        return cost(x)

    start = blur.A_adjoint(y).clamp_min(0.01)
    ratio = likelihood.grad(sharp + 0.02, y, blur) / slope(value, sharp + 0.02)
    own, right = descent(lambda x: likelihood.grad(x, y, blur)), descent(lambda x: slope(value, x))
    pair = likelihood.fn(start.repeat(2, 1, 1, 1), y.repeat(2, 1, 1, 1), blur).tolist()
    light = float((blur.A(start) / gain + 0.01 - y / gain).sum()) # the part of the value without logarithms
    alone, middle = float(value(start)), float(ratio.median())
    print(f'gain {gain}: deepinv\'s gradient / slope of its value: {middle:.6f}; cost {cost(start):.0f} at the start, '
          f'{own:.0f} after the descent by deepinv, {right:.0f} by autograd')
    print(f'    a photo\'s value alone: {alone:.0f}, in a batch with itself: {pair[0]:.0f}')
    as_described &= abs(middle / gain**2 - 1) < 0.01 and right < cost(start)
    as_described &= abs(own - right) < 1 if gain == 1 else own > cost(start) + 50
    as_described &= abs(pair[0] - (2*alone - light)) < 1e-3 * abs(pair[0]) and abs(pair[0] / alone - 1) > 0.3
print('the gradient is too short by the gain squared, as described' if as_described else 'the behaviour has changed')
sys.exit(not as_described)
PY
