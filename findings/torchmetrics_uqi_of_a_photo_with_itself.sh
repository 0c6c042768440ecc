#!/usr/bin/env bash
# torchmetrics' universal image quality index (UQI) of a photo with itself is 0.86, 0.12 or -514,531, where it is 1 by definition.
#
# UQI is 4 cov mx my / ((vx + vy) (mx^2 + my^2)) of windows' means, variances and covariance, in the mean: a ratio that does not change if both
# photos are multiplied, at most 1, and 1 of equal photos. torchmetrics adds float32's eps, 1.2e-7, to that denominator (issue 2221, closed,
# asked for it against NaN). In [0, 1], as PyTorch has photos, a smooth window's denominator is hardly more: the astronaut with itself has
# 0.86, and at a twentieth of the light, a night photo, 0.12, less than a blurred one by day. In [0, 255] the eps is next to nothing, and in a
# window with hardly any texture the variances are held at 0 or more but the covariance is not: its rounding, divided by eps, is a score
# of billions. Of the astronaut 28 of 756,012 windows have one, around a white of 254, and the mean is -514,531; in float64 it is -26 million.
# Neither range is named in the documentation, and class and function agree. What helps: structural_similarity_index_measure in float64 with k1=1e-5
# and k2=1e-5, which is UQI but for 0 / 0.
#
# Seen:
#     torchmetrics 1.9.0 torch 2.14.1+cu130
#     camera and itself: the formula 1.000; torchmetrics, white at 255, 1 and 0.05: 1.000 0.958 0.106 ; SSIM of small constants: 1.000 1.000 1.000
#     camera and blurred: the formula 0.425; torchmetrics, white at 255, 1 and 0.05: 0.423 0.389 0.045 ; SSIM of small constants: 0.420 0.420 0.420
#     coffee and itself: the formula 1.000; torchmetrics, white at 255, 1 and 0.05: 1.000 0.920 0.097 ; SSIM of small constants: 1.000 1.000 1.000
#     coffee and blurred: the formula 0.505; torchmetrics, white at 255, 1 and 0.05: 0.505 0.480 0.044 ; SSIM of small constants: 0.502 0.502 0.502
#     astronaut and itself: the formula 1.000; torchmetrics, white at 255, 1 and 0.05: -514530.688 0.859 0.121 ; SSIM of small constants: 1.000 1.000 1.000
#     astronaut and blurred: the formula 0.657; torchmetrics, white at 255, 1 and 0.05: 0.599 0.571 0.081 ; SSIM of small constants: 0.658 0.658 0.658
#     astronaut and itself, in [0, 255]: the class -514531; 28 of 756,012 windows lie beyond 1, between -3e+10 and -8e+09
#     astronaut and itself, in [0, 255]: float32 -514531, float64 -26005883
#     page and itself, in [0, 255]: float32 -493666528, float64 -239432297
#     immunohistochemistry and itself, in [0, 255]: float32 -270687776, float64 -20961000
#
# Needs Python 3.11 or later, a package index and, on Linux, 8 GB of disk for PyTorch. Exit 0: the behaviour is as described; 1: it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q torchmetrics==1.9.0 torch==2.14.1 scikit-image==0.26.0 scipy==1.17.1 numpy==2.4.6
cd "$folder"
env/bin/python - <<'PY'
import sys
import numpy as np, torch, torchmetrics
from scipy.ndimage import correlate1d, gaussian_filter
from skimage import data
from torchmetrics.functional.image import structural_similarity_index_measure as ssim, universal_image_quality_index as uqi
from torchmetrics.image import UniversalImageQualityIndex

print('torchmetrics', torchmetrics.__version__, 'torch', torch.__version__)
taps = np.exp(-(np.arange(11) - 5)**2 / 4.5)

def mean(photo): # of each window, of 11 x 11 pixels and sigma 1.5 as in torchmetrics, that lies in the photo
    for axis in (0, 1): photo = correlate1d(photo, taps / taps.sum(), axis)
    return photo[5:-5, 5:-5]

def formula(x, y): # in float64; of two windows without texture it is that of the means, and 1 of two black ones
    mx, my = mean(x), mean(y)
    light, variances, covariance = mx**2 + my**2, mean(x * x) + mean(y * y) - mx**2 - my**2, mean(x * y) - mx * my
    first = np.divide(2 * mx * my, light, where=light > 0, out=np.ones_like(light))
    return first * np.divide(2 * covariance, variances, where=variances > 1e-6, out=np.ones_like(light))

def tensor(photo, white): return torch.tensor(photo / 255 * white, dtype=torch.float32)[None]

as_described, rows = True, {}
for name in ('camera', 'coffee', 'astronaut'):
    sharp = np.atleast_3d(getattr(data, name)()).transpose(2, 0, 1).astype(float)
    photos = {'itself': sharp, 'blurred': np.round(gaussian_filter(sharp, (0, 1.5, 1.5)))}
    for kind, photo in photos.items():
        right = np.mean([formula(*channels) for channels in zip(photo, sharp)])
        pairs = [(tensor(photo, white), tensor(sharp, white)) for white in (255., 1., 0.05)]
        own = [float(uqi(*pair)) for pair in pairs]
        helped = [float(ssim(*[t.double() for t in pair], data_range=float(pair[1].max()), k1=1e-5, k2=1e-5)) for pair in pairs]
        rows[name, kind] = right, *own
        print(f'{name} and {kind}: the formula {right:.3f}; torchmetrics, white at 255, 1 and 0.05:', *[f'{score:.3f}' for score in own],
              '; SSIM of small constants:', *[f'{score:.3f}' for score in helped])
        as_described &= np.abs(np.array(helped) - right).max() < 0.01 and right - 0.2 < own[1] < right - 0.01 and own[2] < 0.2 * right
metric = UniversalImageQualityIndex()
metric.update(tensor(sharp, 255.), tensor(sharp, 255.))
windows = uqi(tensor(sharp, 255.), tensor(sharp, 255.), reduction='none')
wild = windows.abs() > 1.01
print(f'astronaut and itself, in [0, 255]: the class {float(metric.compute()):.0f}; {int(wild.sum())} of {wild.numel():,} windows lie beyond 1,',
      f'between {windows[wild].min():.0e} and {windows[wild].max():.0e}')
selves = {}
for name in ('astronaut', 'page', 'immunohistochemistry'):
    photo = tensor(np.atleast_3d(getattr(data, name)()).transpose(2, 0, 1), 255.)
    selves[name] = [float(uqi(x, x)) for x in (photo, photo.double())]
    print(f'{name} and itself, in [0, 255]: float32 {selves[name][0]:.0f}, float64 {selves[name][1]:.0f}')
as_described &= max(abs(score) for score, _ in selves.values()) > 1000 and max(abs(score) for _, score in selves.values()) > 1000
as_described &= rows['camera', 'blurred'][2] > rows['camera', 'itself'][3] + 0.1 and abs(rows['camera', 'itself'][1] - 1) < 1e-3
print('a photo is not like itself, as described' if as_described else 'the behaviour has changed')
sys.exit(not as_described)
PY
