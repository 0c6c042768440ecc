#!/usr/bin/env bash
# torchmetrics' relative average spectral error (RASE) is 64 times too large, 4 times with windows of 2 pixels and 256 times with windows of 16.
#
# RASE is an error in percent of the light: 100 / M sqrt(mean of the channels' squared RMSE), M being the mean of the reference; torchmetrics
# takes it in windows of window_size pixels a side and averages. Its uniform filter gives the mean of a window, and that is
# divided by window_size^2 once more: noise of 5 % of the light, on level grey, scores 319 %. Restorations measured alike keep
# their order, which hides it; but no score compares with a published one, another window gives another unit, and the documentation's
# own example, of random numbers, is 5326 %. Besides, the score of a batch is no mean of its photos' scores: errors and references are averaged
# first, place by place, and divided then; here a bright photo hides the error of a dark one. Each score is held against the formula in
# NumPy and SciPy and against sewar's rase. (sewar 0.4.6 has the same division, 0.4.10 has none.)
# What helps: divide by window_size^2, photo by photo; or sewar.
#
# Seen:
#     torchmetrics 1.9.0 sewar 0.4.10 torch 2.14.1+cu130
#     5 % brighter, windows of 2: torchmetrics 22.4 %, formula 5.60 %, sewar 5.60 %; torchmetrics / formula 4.00
#     5 % brighter, windows of 8: torchmetrics 362.1 %, formula 5.66 %, sewar 5.66 %; torchmetrics / formula 64.00
#     5 % brighter, windows of 16: torchmetrics 1465.4 %, formula 5.72 %, sewar 5.72 %; torchmetrics / formula 256.00
#     noisy, windows of 8: torchmetrics 445.7 %, formula 6.96 %, sewar 6.96 %; torchmetrics / formula 64.00
#     noisy, windows of 16: torchmetrics 1722.4 %, formula 6.73 %, sewar 6.73 %; torchmetrics / formula 256.00
#     level grey with 5 % noise, windows of 2: torchmetrics 19.6 %, formula 4.89 %, sewar 4.89 %; torchmetrics / formula 4.00
#     level grey with 5 % noise, windows of 8: torchmetrics 319.1 %, formula 4.99 %, sewar 4.99 %; torchmetrics / formula 64.00
#     level grey with 5 % noise, windows of 16: torchmetrics 1277.8 %, formula 4.99 %, sewar 4.99 %; torchmetrics / formula 256.00
#     noisy, windows of 8: the class 445.7 %
#     a dark noisy photo and a bright perfect one: formula 69.6 % and 0.0 %, torchmetrics / 64 of both 6.3 %
#
# Needs Python 3.11 or later, a package index and, on Linux, 8 GB of disk for PyTorch. Exit 0: the behaviour is as described; 1: it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q torchmetrics==1.9.0 torch==2.14.1 sewar==0.4.10 scikit-image==0.26.0 scipy==1.17.1 numpy==2.4.6
cd "$folder"
env/bin/python - <<'PY'
import sys
from importlib.metadata import version
import numpy as np, sewar, torch, torchmetrics
from scipy.ndimage import uniform_filter
from skimage import data
from torchmetrics.functional.image import relative_average_spectral_error
from torchmetrics.image import RelativeAverageSpectralError

print('torchmetrics', torchmetrics.__version__, 'sewar', version('sewar'), 'torch', torch.__version__)
sharp = data.coffee() / 255 * 0.9 + 0.05
rng = np.random.default_rng(0)

def formula(x, y, size): # in percent
    windows = [uniform_filter(photo, (size, size, 1)) for photo in (x, (x - y)**2)]
    light, errors = [values.mean(-1) for values in windows]
    ratios = 100 / light * np.sqrt(errors)
    cut = round(size / 2)
    return ratios[cut:-cut, cut:-cut].mean()

def tensor(*photos): return torch.tensor(np.stack(photos).transpose(0, 3, 1, 2))
def own(x, y, size): return float(relative_average_spectral_error(tensor(y), tensor(x), window_size=size))

proportional = sharp * 1.05 # an error of 5 % everywhere
noisy = sharp + rng.normal(0, 0.02, sharp.shape)
grey = np.full_like(sharp, 0.5)
grainy = grey + rng.normal(0, 0.025, sharp.shape) # of 5 % of the light
pairs = {'5 % brighter': (sharp, proportional), 'noisy': (sharp, noisy), 'level grey with 5 % noise': (grey, grainy)}
as_described, rows = True, {}
for name, (x, y) in pairs.items():
    for size in (2, 7, 8, 16):
        score, right, other = own(x, y, size), formula(x, y, size), sewar.rase(x, y, ws=size)
        rows[name, size] = score
        print(f'{name}, windows of {size}: torchmetrics {score:.1f} %, formula {right:.2f} %, sewar {other:.2f} %; torchmetrics / formula {score / right:.2f}')
        as_described &= abs(score / right - size**2) < 1e-3 * size**2 and abs(other - right) < 1e-6
    as_described &= abs(formula(x, y, 8) - 5) < 2
metric = RelativeAverageSpectralError()
metric.update(tensor(noisy), tensor(sharp))
print(f'noisy, windows of 8: the class {float(metric.compute()):.1f} %')
as_described &= abs(float(metric.compute()) - rows['noisy', 8]) < 1e-3

dark, dark_noisy = sharp / 10, sharp / 10 + noisy - sharp # the same error, at a tenth of the light
batch = float(relative_average_spectral_error(tensor(dark_noisy, sharp), tensor(dark, sharp))) / 64
right = [formula(dark, dark_noisy, 8), formula(sharp, sharp, 8)]
print(f'a dark noisy photo and a bright perfect one: formula {right[0]:.1f} % and {right[1]:.1f} %, torchmetrics / 64 of both {batch:.1f} %')
as_described &= right[1] == 0 and batch < 0.25 * np.mean(right)
print('the score is too large by the window squared, as described' if as_described else 'the behaviour has changed')
sys.exit(not as_described)
PY
