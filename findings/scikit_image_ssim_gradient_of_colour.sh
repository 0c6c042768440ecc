#!/usr/bin/env bash
# scikit-image's structural_similarity returns, for a colour photo, three times the gradient of the score that it returns.
#
# With gradient=True the second value is documented as the gradient with respect to im2. The score of a photo with channels is the mean of the
# channels' scores, but each channel's gradient is handed over undivided, so all of it is too long by the number of channels: a descent
# or a line search on colour photos, or SSIM's gradient added to another term's, is off by 3, and of a grey photo nearly right. (Nearly: the
# score averages the photo without its borders, the gradient divides by all pixels, and with the default window another fiftieth is missing.)
# Here the slope that the gradient promises is held against the slope of the score itself, by central differences, along a step from the
# blurred photo towards the sharp one that leaves the borders alone.
#
# Needs Python 3.11 or later and a package index. Exit 0: the behaviour is as described; 1: it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q scikit-image==0.26.0 scipy==1.16.3 numpy==2.3.4
cd "$folder"
env/bin/python - <<'PY'
import sys
import numpy as np, skimage
from scipy.ndimage import gaussian_filter
from skimage import data
from skimage.metrics import structural_similarity

print('scikit-image', skimage.__version__, 'NumPy', np.__version__)
rng = np.random.default_rng(0)
colour = data.astronaut()[:200, 100:300] / 255
photos = {'grey': colour.mean(2), 'one channel': colour[..., :1], 'two channels': colour[..., :2], 'colour': colour}
windows = {'Gaussian, as Wang et al.': dict(gaussian_weights=True, sigma=1.5, use_sample_covariance=False), 'the default': {}}

def slopes(sharp, ssim): # promised by the gradient, and of the score, for a blurred photo that takes a step towards the sharp one
    blurred = gaussian_filter(sharp, (1.5, 1.5, 0)[:sharp.ndim])
    inside = np.pad(np.ones((160, 160)), 20).reshape(200, 200, *[1] * (sharp.ndim - 2))
    step = (sharp - blurred + rng.normal(0, 0.01, sharp.shape)) * inside
    gradient = ssim(sharp, blurred, gradient=True)[1]
    return (gradient * step).sum(), (ssim(sharp, blurred + 1e-5*step) - ssim(sharp, blurred - 1e-5*step)) / 2e-5

as_described = True
for window, options in windows.items():
    pad = 5 if options else 3
    kept = ((200 - 2*pad) / 200)**2 # the share of pixels that the score averages
    for name, sharp in photos.items():
        channels = None if sharp.ndim == 2 else 2
        promised, seen = slopes(sharp, lambda a, b, **more: structural_similarity(a, b, data_range=1, channel_axis=channels, **options, **more))
        times = promised / seen
        print(f'{window}, {name}: promised {promised:.4f}, seen {seen:.4f}: {times:.3f} times; without the borders {times / kept:.3f} times')
        expected = 1 if channels is None else sharp.shape[2]
        as_described &= abs(times / kept / expected - 1) < (1e-4 if options else 0.05)
print('the gradient grows with the channels, as described' if as_described else 'the behaviour has changed')
sys.exit(not as_described)
PY
