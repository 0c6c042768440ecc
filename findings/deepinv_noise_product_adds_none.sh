#!/usr/bin/env bash
# deepinv's product of two noise models adds no noise at all: GaussianNoise * PoissonNoise gives the photo back, bit by bit.
#
# Its noise models "can be combined via __mul__", which "concatenates two noise N = N1 o N2": read-out noise on counted photons is to be
# GaussianNoise(0.05) * PoissonNoise(0.02). The product calls not the models but the function that the base class keeps for them, and each of the
# package's models leaves that at the base's default, which returns what it gets. So does every product of two of them (here all 100 pairs), without
# a word. A physics with such a noise_model blurs and adds nothing: the plain inverse wins, a regularisation is tuned to none, a network learns to
# undo a blur without noise, and all fail on a photo that has it. Only bare NoiseModels made of a function are multiplied rightly. Besides, a batch of
# factors, t * GaussianNoise() with t of shape (B, 1, 1, 1) as its documentation has it, makes of B photos an array of seven dimensions, where
# each photo meets each factor. (No issue of it was found.)
# What helps: NoiseModel(lambda x: second(first(x))); for factors, GaussianNoise(sigma * t.flatten()).
#
# Seen:
#     deepinv 0.5.0 torch 2.14.1+cu130
#     10 models alone add noise of 0.049 to 0.142; of their 100 products 100 return the photo
#     Gaussian on Poisson noise: 0.0966 is right; one after the other 0.0969; bare models 0.0963; product 0.0000
#     one after the other: blurred 19.0 dB; restored with gamma 1: 12.6, 10: 21.5, 100: 14.6, 1000: 4.8, 10000: -5.1
#     product: blurred 25.0 dB; restored with gamma 1: 12.7, 10: 23.9, 100: 28.6, 1000: 30.2, 10000: 31.6
#     a batch of factors: (3, 1, 256, 256) becomes (3, 1, 1, 3, 1, 256, 256) ; as sigmas (3, 1, 256, 256) with noise of [0.025, 0.05, 0.1]
#
# Needs Python 3.11 or later, a package index and, on Linux, 8 GB of disk for PyTorch. Exit 0: the behaviour is as described; 1: it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q deepinv==0.5.0 torch==2.14.1 torchvision==0.29.1 scikit-image==0.26.0 numpy==2.4.6
cd "$folder"
env/bin/python - <<'PY'
import itertools, sys
import deepinv, torch
from deepinv.physics import (BlurFFT, GammaNoise, GaussianNoise, LaplaceNoise, NoiseModel, PoissonGaussianNoise, PoissonNoise, RicianNoise,
                             SaltPepperNoise, UniformGaussianNoise, UniformNoise, FisherTippettNoise)
from deepinv.physics.functional.blur import gaussian_blur
from skimage import data

print('deepinv', deepinv.__version__, 'torch', torch.__version__)
torch.manual_seed(0)
sharp = torch.tensor(data.camera()[100:356, 100:356] / 255).float()[None, None].clamp(0.01)
gaussian, poisson = GaussianNoise(0.05), PoissonNoise(0.02)
models = [gaussian, poisson, UniformNoise(0.1), SaltPepperNoise(), LaplaceNoise(0.05), PoissonGaussianNoise(0.02, 0.05), RicianNoise(0.05),
          GammaNoise(50.), UniformGaussianNoise(0.01, 0.1), FisherTippettNoise(50.)]
added = [float((model(sharp) - sharp).std()) for model in models]
products = [torch.equal((second * first)(sharp), sharp) for first, second in itertools.product(models, models)]
print(f'{len(models)} models alone add noise of {min(added):.3f} to {max(added):.3f}; of their {len(products)} products {sum(products)} return the photo')
as_described = min(added) > 0.01 and all(products)

both = NoiseModel(lambda x: gaussian(poisson(x))) # one after the other
right = float((0.05**2 + 0.02 * sharp.mean()).sqrt()) # variances add up
bare = NoiseModel(gaussian.forward) * NoiseModel(poisson.forward)
seen = {name: float((noise(sharp) - sharp).std()) for name, noise in (('one after the other', both), ('bare models', bare), ('product', gaussian * poisson))}
print(f'Gaussian on Poisson noise: {right:.4f} is right;', '; '.join(f'{name} {value:.4f}' for name, value in seen.items()))
as_described &= abs(seen['one after the other'] / right - 1) < 0.02 and abs(seen['bare models'] / right - 1) < 0.02 and seen['product'] == 0

def db(x): return float(-10 * (x - sharp).square().mean().log10())
best = {}
for name, noise in (('one after the other', both), ('product', gaussian * poisson)):
    physics = BlurFFT(img_size=(1, 256, 256), filter=gaussian_blur(sigma=(1.5, 1.5)), noise_model=noise)
    y = physics(sharp)
    scores = {gamma: db(physics.prox_l2(torch.zeros_like(y), y, gamma=gamma)) for gamma in (1, 10, 100, 1000, 10000)} # 1 / gamma regularises
    best[name] = max(scores, key=scores.get)
    print(f'{name}: blurred {db(y):.1f} dB; restored with gamma', ', '.join(f'{gamma}: {score:.1f}' for gamma, score in scores.items()))
    as_described &= torch.equal(y, physics.A(sharp)) == (name == 'product')
as_described &= best['product'] == 10000 and best['one after the other'] < 1000

photos, factors = sharp.expand(3, -1, -1, -1), torch.tensor([0.5, 1., 2.])
noisy, flat = (factors.view(3, 1, 1, 1) * gaussian)(photos), GaussianNoise(gaussian.sigma * factors)(photos)
levels = [round(float((flat[i] - photos[i]).std()), 3) for i in range(3)]
print('a batch of factors:', tuple(photos.shape), 'becomes', tuple(noisy.shape), '; as sigmas', tuple(flat.shape), 'with noise of', levels)
as_described &= noisy.dim() == 7 and flat.shape == photos.shape and all(abs(level / want - 1) < 0.03 for level, want in zip(levels, (0.025, 0.05, 0.1)))
print('the product of noise models adds none, as described' if as_described else 'the behaviour has changed')
sys.exit(not as_described)
PY
