#!/usr/bin/env bash
# sewar's universal quality index (UQI) gives a photo that is blurred away 0.85, and two unrelated pictures of noise 0.74, where 0 is right.
#
# UQI, the first example of sewar's README, is the mean over windows of N = 64 pixels of 4 cov mx my / ((vx + vy) (mx^2 + my^2)), of the windows'
# means, variances and covariance: 1 for equal photos, 0 for unrelated ones, less for opposed ones. sewar writes it with sums, N sum(xy) -
# sum(x) sum(y), but takes the sums from SciPy's uniform_filter, and that gives means. What stands for a covariance is then cov + 63 / 64 mx my:
# the squared brightness outweighs the structure, so what is blurred scores nearly 1, and it turns rankings: here a photo 30 levels
# brighter comes below one that is blurred away. Equal photos are right, which hides it. Each score is held against the formula, window by
# window, against the formula with that mistake, and against sewar's own ssim, which becomes UQI as K1 and K2 vanish.
# What helps: sewar.ssim(x, y, ws=8, K1=1e-7, K2=1e-7)[0].
#
# Seen:
#     sewar 0.4.10 SciPy 1.17.1 NumPy 2.4.6
#     itself                 formula  1.000, sewar  1.000, formula with means for sums  1.000, sewar.ssim  1.000
#     blurred, sigma 1       formula  0.760, sewar  0.989, formula with means for sums  0.989, sewar.ssim  0.760
#     blurred, sigma 3       formula  0.394, sewar  0.955, formula with means for sums  0.955, sewar.ssim  0.394
#     blurred, sigma 10      formula  0.088, sewar  0.851, formula with means for sums  0.852, sewar.ssim  0.088
#     30 levels brighter     formula  0.838, sewar  0.743, formula with means for sums  0.744, sewar.ssim  0.838
#     mirrored               formula  0.012, sewar  0.371, formula with means for sums  0.371, sewar.ssim  0.012
#     noise and other noise  formula -0.008, sewar  0.741, formula with means for sums  0.741, sewar.ssim -0.008
#     noise and its negative formula -0.990, sewar  0.491, formula with means for sums  0.491, sewar.ssim -0.990
#
# Needs Python 3.11 or later and a package index. Exit 0: the behaviour is as described; 1: it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q sewar==0.4.10 scipy==1.17.1 scikit-image==0.26.0 numpy==2.4.6
cd "$folder"
env/bin/python - <<'PY'
import sys
from importlib.metadata import version
import numpy as np, scipy, sewar
from scipy.ndimage import gaussian_filter
from skimage import data

print('sewar', version('sewar'), 'SciPy', scipy.__version__, 'NumPy', np.__version__)

def statistics(x, y): # of each window of 8 x 8: the two means, the two variances, the covariance
    x, y = [np.lib.stride_tricks.sliding_window_view(photo.astype(float), (8, 8)).reshape(-1, 64) for photo in (x, y)]
    return x.mean(1), y.mean(1), x.var(1), y.var(1), ((x - x.mean(1, keepdims=True)) * (y - y.mean(1, keepdims=True))).mean(1)

def index(mx, my, vx, vy, cov): return float(np.mean(4 * cov * mx * my / ((vx + vy) * (mx**2 + my**2))))

def with_the_means(mx, my, vx, vy, cov): # what sewar computes: each variance has 63 / 64 of the mean squared in it
    return index(mx, my, vx + 63 / 64 * mx**2, vy + 63 / 64 * my**2, cov + 63 / 64 * mx * my)

rng = np.random.default_rng(0)
sharp = data.camera()[100:356, 100:356]
noise, other = rng.integers(1, 256, (2, 256, 256)).astype(np.uint8)
pairs = {'itself': (sharp, sharp), **{f'blurred, sigma {s}': (sharp, gaussian_filter(sharp, s)) for s in (1, 3, 10)},
         '30 levels brighter': (sharp, np.minimum(sharp, 225) + np.uint8(30)),
         'mirrored': (sharp, np.ascontiguousarray(sharp[:, ::-1])), 'noise and other noise': (noise, other),
         'noise and its negative': (noise, 255 - noise)}
rows = {}
for name, pair in pairs.items():
    seen = statistics(*pair)
    rows[name] = [index(*seen), sewar.uqi(*pair), with_the_means(*seen), sewar.ssim(*pair, ws=8, K1=1e-7, K2=1e-7)[0]]
    print(f'{name:22s} formula {{:6.3f}}, sewar {{:6.3f}}, formula with means for sums {{:6.3f}}, sewar.ssim {{:6.3f}}'.format(*rows[name]))
right, own, means, ssim = np.array(list(rows.values())).T
as_described = np.abs(ssim - right).max() < 1e-3 and np.abs(own - means).max() < 0.01 and abs(own[0] - 1) < 1e-6
as_described &= abs(right[6]) < 0.02 and own[6] > 0.7 and right[3] < 0.1 and own[3] > 0.8
as_described &= right[4] > right[3] + 0.5 and own[4] < own[3] - 0.05 and right[7] < -0.8
print('the mean is counted as covariance, as described' if as_described else 'the behaviour has changed')
sys.exit(not as_described)
PY
