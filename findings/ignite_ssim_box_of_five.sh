#!/usr/bin/env bash
# ignite's SSIM with gaussian=False has a window of 5 x 5 pixels, whatever kernel_size says; with kernel_size=3 it takes the mean for structure.
#
# The documentation of ignite.metrics.SSIM says: gaussian=False for a uniform kernel, kernel_size for its size. The kernel has kernel_size places
# a side, but of these only the middle 5 are filled, with 1 / 5 each. So the default of 11, and 7 as scikit-image's default, are SSIM of 5 x 5
# pixels, in a wider border: too low for a blurred and for a noisy photo alike. With kernel_size=3 three places have 1 / 5 and the window
# sums to 9 / 25: from 9 / 25 of the mean square, (9 / 25)^2 of the squared mean is taken away, and the brightness is counted as variance and as
# covariance. A photo with itself scores 1, which hides it; what is noisy scores 0.92 for 0.41, and a photo that is only brighter, the best by
# the formula, falls below it. Each score is held against the formula in NumPy, with SciPy's uniform filter, which is
# scikit-image's away from the border, and against the formula with that window. The Gaussian window, the default, is right.
# What helps: gaussian=True, kernel_size=5, or scikit-image's structural_similarity(win_size=..., use_sample_covariance=False).
#
# Seen:
#     ignite 0.5.5 torch 2.14.1+cu130
#     kernel_size=3, itself: ignite 1.0000, formula 1.0000, scikit-image 1.0000, formula with the fives 1.0000
#     kernel_size=3, blurred: ignite 0.9888, formula 0.7813, scikit-image 0.7811, formula with the fives 0.9888
#     kernel_size=3, brighter: ignite 0.8111, formula 0.8791, scikit-image 0.8788, formula with the fives 0.8111
#     kernel_size=3, noisy: ignite 0.9246, formula 0.4100, scikit-image 0.4099, formula with the fives 0.9246
#     kernel_size=5, noisy: ignite 0.4278, formula 0.4279, scikit-image 0.4284, formula with the fives 0.4279
#     kernel_size=7, blurred: ignite 0.7897, formula 0.8039, scikit-image 0.8037, formula with the fives 0.7897
#     kernel_size=7, brighter: ignite 0.8814, formula 0.8834, scikit-image 0.8823, formula with the fives 0.8814
#     kernel_size=7, noisy: ignite 0.4278, formula 0.4483, scikit-image 0.4494, formula with the fives 0.4279
#     kernel_size=11, blurred: ignite 0.7897, formula 0.8235, scikit-image 0.8235, formula with the fives 0.7897
#     kernel_size=11, brighter: ignite 0.8814, formula 0.8868, scikit-image 0.8851, formula with the fives 0.8814
#     kernel_size=11, noisy: ignite 0.4278, formula 0.4808, scikit-image 0.4836, formula with the fives 0.4279
#
# Needs Python 3.11 or later, a package index and, on Linux, 8 GB of disk for PyTorch. Exit 0: the behaviour is as described; 1: it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q pytorch-ignite==0.5.5 torch==2.14.1 scikit-image==0.26.0 scipy==1.17.1 numpy==2.4.6
cd "$folder"
env/bin/python - <<'PY'
import sys
import ignite, numpy as np, torch
from ignite.metrics import SSIM
from scipy.ndimage import correlate, gaussian_filter, uniform_filter
from skimage import data
from skimage.metrics import structural_similarity

print('ignite', ignite.__version__, 'torch', torch.__version__)
sharp = data.camera() / 255
photos = {'itself': sharp, 'blurred': gaussian_filter(sharp, 1.5), 'brighter': sharp + 0.15,
          'noisy': sharp + np.random.default_rng(0).normal(0, 0.06, sharp.shape)}

def ignites(x, y, size):
    metric = SSIM(data_range=1., kernel_size=size, gaussian=False)
    metric.update([torch.tensor(photo)[None, None] for photo in (x, y)])
    return metric.compute()

def formula(x, y, mean, border=0): # of SSIM, its means taken by the function mean, without so many pixels at the border
    mx, my = mean(x), mean(y)
    covariance, variances = mean(x * y) - mx * my, mean(x * x) + mean(y * y) - mx**2 - my**2
    scores = (2 * mx * my + 1e-4) * (2 * covariance + 9e-4) / ((mx**2 + my**2 + 1e-4) * (variances + 9e-4))
    return scores[border:len(x) - border, border:len(x) - border].mean()

def box(size): return lambda photo: uniform_filter(photo, size, mode='mirror')

def fives(size): # a window of size x size places, of which at most the middle 5 x 5 are filled, with 1 / 25
    side = min(size, 5)
    return lambda photo: correlate(photo, np.full((side, side), 1 / 25), mode='mirror')

as_described, rows = True, {}
for size in (3, 5, 7, 11, 21):
    for name, photo in photos.items():
        own, right, seen = ignites(photo, sharp, size), formula(photo, sharp, box(size)), formula(photo, sharp, fives(size))
        other = structural_similarity(photo, sharp, win_size=size, data_range=1, use_sample_covariance=False)
        rows[size, name] = own, right
        print(f'kernel_size={size}, {name}: ignite {own:.4f}, formula {right:.4f}, scikit-image {other:.4f}, formula with the fives {seen:.4f}')
        as_described &= abs(own - seen) < 2e-4 and abs(formula(photo, sharp, box(size), border=size // 2) - other) < 1e-6
    if size != 5: as_described &= abs(rows[size, 'noisy'][0] - rows[size, 'noisy'][1]) > 0.015
as_described &= max(abs(own - right) for (size, _), (own, right) in rows.items() if size == 5) < 2e-4
(noisy, right_noisy), (brighter, right_brighter), (itself, _) = rows[3, 'noisy'], rows[3, 'brighter'], rows[3, 'itself']
as_described &= noisy > brighter + 0.1 and right_noisy < right_brighter - 0.4 and abs(itself - 1) < 1e-6
print('the window is not of the size that was asked for, as described' if as_described else 'the behaviour has changed')
sys.exit(not as_described)
PY
