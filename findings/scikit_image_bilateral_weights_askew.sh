#!/usr/bin/env bash
# scikit-image's denoise_bilateral weighs a pixel off the middle 4900 times as much as the pixel itself, at its default window.
#
# Its documentation says: a mean over pixels by closeness in place and in value, both by a Gaussian. The table of the Gaussian in place is laid out
# for one row and one column more than an odd window has (-win_size // 2 is rounded down), and is read in rows of win_size: each row of weights
# starts one place further to the side than the row before. The Gaussian's middle comes to lie near the window's border, and the pixel itself has
# next to no weight. The weights by value are right, so edges stay and noise falls, which hides it. But what is smoothed comes from the sides,
# mirrored and turned photos are denoised otherwise than the photo, up to 4 dB are lost, and with sigma_color above every contrast, where a Gaussian
# blur should remain, a point becomes two oblique streaks. Here the filter is held against its formula in NumPy, with those weights and with the
# right ones, and against OpenCV's bilateralFilter. What helps: OpenCV's (its windows are round, the rest is alike).
#
# Seen:
#     scikit-image 0.26.0 OpenCV 5.0.0 NumPy 2.4.6
#     sigma_spatial 1, window 7: the pixel itself weighs 0.00003, by the formula 0.15924; 4915 times as much weighs the one at [2, -2]
#     sigma_spatial 2, window 13: the pixel itself weighs 0.00008, by the formula 0.03987; 518 times as much weighs the one at [2, -5]
#     a photo with noise, 20.7 dB
#     sigma_color 0.1, sigma_spatial 2: 24.6 dB, by the formula 24.7, by OpenCV 24.7; mirrored or on its side it differs by up to 0.17 and 0.26
#     sigma_color 0.2, sigma_spatial 2: 25.0 dB, by the formula 27.7, by OpenCV 27.7; mirrored or on its side it differs by up to 0.32 and 0.38
#     sigma_color 0.3, sigma_spatial 1: 23.2 dB, by the formula 27.6, by OpenCV 27.6; mirrored or on its side it differs by up to 0.44 and 0.53
#
# Needs Python 3.11 or later and a package index. Exit 0: the behaviour is as described; 1: it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q scikit-image==0.26.0 opencv-python-headless==5.0.0.93 numpy==2.4.6
cd "$folder"
env/bin/python - <<'PY'
import sys
import cv2, numpy as np, skimage
from skimage import data
from skimage.restoration import denoise_bilateral

print('scikit-image', skimage.__version__, 'OpenCV', cv2.__version__, 'NumPy', np.__version__)

def weights(window, sigma): # by closeness in place, as documented
    i = np.arange(window) - window // 2
    return np.exp(-(i[:, None]**2 + i**2) / (2 * sigma**2))

def skewed(window, sigma): # one row and one column too many, then read in rows that are one too short
    i = np.arange(-window // 2, window // 2 + 1)
    return np.exp(-(i[:, None]**2 + i**2) / (2 * sigma**2)).ravel()[:window**2].reshape(window, window)

def formula(photo, sigma_color, w): # the documented mean, with these weights in place
    n, (height, width) = len(w) // 2, photo.shape
    padded, top, bottom = np.pad(photo, n, mode='edge'), 0, 0
    for (i, j), near in np.ndenumerate(w):
        other = padded[i:i + height, j:j + width]
        alike = near * np.exp(-(other - photo)**2 / (2 * sigma_color**2))
        top, bottom = top + alike * other, bottom + alike
    return top / bottom

def db(x, y): return 10 * np.log10(1 / np.mean((x - y)**2))

point = np.zeros((31, 31))
point[15, 15] = 1
as_described = True
for sigma, window in ((1, 7), (2, 13)):
    own = denoise_bilateral(point, sigma_color=1e6, sigma_spatial=sigma, mode='edge')
    seen = own[15 - window // 2:16 + window // 2, 15 - window // 2:16 + window // 2][::-1, ::-1] # of a mean: each pixel's weight
    itself, most = seen[window // 2, window // 2], seen.max()
    right, askew = [w / w.sum() for w in (weights(window, sigma), skewed(window, sigma))]
    place = [int(k - window // 2) for k in np.unravel_index(seen.argmax(), seen.shape)]
    print(f'sigma_spatial {sigma}, window {window}: the pixel itself weighs {itself:.5f}, by the formula {right.max():.5f};',
          f'{most / itself:.0f} times as much weighs the one at {place}')
    as_described &= np.abs(seen - askew).max() < 1e-6 and np.abs(seen - right).max() > 0.02 and most > 100 * itself

sharp = data.camera()[100:356, 100:356] / 255
noisy = np.clip(sharp + 0.1 * np.random.default_rng(0).standard_normal(sharp.shape), 0, 1)
print(f'a photo with noise, {db(noisy, sharp):.1f} dB')
for color, sigma, window in ((0.1, 2, 13), (0.2, 2, 13), (0.3, 1, 7)):
    def own(x): return denoise_bilateral(x, sigma_color=color, sigma_spatial=sigma, mode='edge')
    denoised = own(noisy)
    right, askew = [formula(noisy, color, w(window, sigma)) for w in (weights, skewed)]
    other = cv2.bilateralFilter(noisy.astype(np.float32), window, color, sigma, borderType=cv2.BORDER_REPLICATE)
    mirrored, turned = own(noisy[:, ::-1].copy())[:, ::-1], own(noisy.T.copy()).T
    print(f'sigma_color {color}, sigma_spatial {sigma}: {db(denoised, sharp):.1f} dB,',
          f'by the formula {db(right, sharp):.1f}, by OpenCV {db(other, sharp):.1f};',
          'mirrored or on its side it',
          f'differs by up to {np.abs(mirrored - denoised).max():.2f} and {np.abs(turned - denoised).max():.2f}')
    as_described &= np.abs(denoised - askew).max() < 1e-3 and np.abs(denoised - right).max() > 0.1 and db(other, right) > 40
    as_described &= min(np.abs(mirrored - denoised).max(), np.abs(turned - denoised).max()) > 0.1
    as_described &= color == 0.1 or db(right, sharp) > db(denoised, sharp) + 2
print('the weights are askew, as described' if as_described else 'the behaviour has changed')
sys.exit(not as_described)
PY
