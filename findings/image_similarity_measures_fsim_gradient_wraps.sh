#!/usr/bin/env bash
# image-similarity-measures' FSIM sees no edge that darkens to the right or downwards, nor an upright one of 16, 32 or 64 grey levels.
#
# FSIM (1 for equal photos, less for others) compares the phase congruency and the gradient's magnitude of both photos. The package takes the
# gradients by OpenCV's Scharr filter into unsigned numbers of 16 bits, where all negative ones become 0, and squares them in 16 bits, where what
# exceeds 65,535 wraps around: an upright step of 15 grey levels has a magnitude of 240, one of 16 has 0, one of 17 has 92. The type is fixed,
# so photos given as floats go the same way. A photo with itself scores 1, which hides it. But mirrored photos score otherwise than the photos
# themselves, a darker photo is charged nine times as much, and a little noise falls below blur, where it should be above. Here the package's own
# fsim is run once as it is and once with the gradient's magnitude taken in float64, and nothing else changed.
# What helps: to put such a function, helped below, in the place of quality_metrics._gradient_magnitude.
#
# Seen:
#     image-similarity-measures 0.3.6 OpenCV 4.11.0 NumPy 1.26.4
#     a step of 15 levels, brighter and darker to the right, brighter and darker downwards: 240.0 0.0 240.0 0.0, in float64 240 240 240 240
#     a step of 16 levels, brighter and darker to the right, brighter and darker downwards: 0.0 0.0 0.0 0.0, in float64 256 256 256 256
#     a step of 17 levels, brighter and darker to the right, brighter and darker downwards: 91.9 0.0 91.9 0.0, in float64 272 272 272 272
#     a step of 32 levels, brighter and darker to the right, brighter and darker downwards: 0.0 0.0 0.0 0.0, in float64 512 512 512 512
#     a step of 48 levels, brighter and darker to the right, brighter and darker downwards: 0.0 0.0 0.0 0.0, in float64 768 768 768 768
#     a step of 64 levels, brighter and darker to the right, brighter and darker downwards: 0.0 0.0 0.0 0.0, in float64 1024 1024 1024 1024
#     itself: fsim 1.0000, in float64 1.0000; both photos mirrored 1.0000, in float64 1.0000
#     blurred, sigma 1: fsim 0.8092, in float64 0.8784; both photos mirrored 0.8151, in float64 0.8784
#     noisy, 5 of 255: fsim 0.7955, in float64 0.9072; both photos mirrored 0.8029, in float64 0.9072
#     a tenth darker: fsim 0.9319, in float64 0.9927; both photos mirrored 0.9357, in float64 0.9927
#     blurred, sigma 1, both photos as floats: fsim 0.8092
#
# Needs Python 3.11, as the package asks for a scikit-image of 2023, and a package index. Exit 0: the behaviour is as described; 1: it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q image-similarity-measures==0.3.6 phasepack==1.5 opencv-python==4.11.0.86 scikit-image==0.20.0 scipy==1.17.1 numpy==1.26.4
cd "$folder"
env/bin/python -W ignore - <<'PY'
import sys
from importlib.metadata import version
import cv2, numpy as np
from image_similarity_measures import quality_metrics
from scipy.ndimage import gaussian_filter
from skimage import data

print('image-similarity-measures', version('image-similarity-measures'), 'OpenCV', cv2.__version__, 'NumPy', np.__version__)
own = quality_metrics._gradient_magnitude

def helped(photo, _): return np.hypot(cv2.Scharr(photo, cv2.CV_64F, 1, 0), cv2.Scharr(photo, cv2.CV_64F, 0, 1))

def scores(*photos): # as it is, and with the gradient's magnitude in float64
    result = []
    for magnitude in (own, helped):
        quality_metrics._gradient_magnitude = magnitude
        result.append(float(quality_metrics.fsim(*photos)))
    return result

def mirrored(photo): return np.ascontiguousarray(photo[:, ::-1])

as_described = True
for levels, expected in ((15, 240), (16, 0), (17, 91.9), (32, 0), (48, 0), (64, 0)):
    step = np.repeat(np.uint8([0, levels]), 8)[None].repeat(16, 0)
    steps = step, mirrored(step), np.ascontiguousarray(step.T), np.ascontiguousarray(mirrored(step).T)
    seen = [float(magnitude(photo, cv2.CV_16U).max()) for magnitude in (own, helped) for photo in steps]
    print(f'a step of {levels} levels, brighter and darker to the right, brighter and darker downwards:',
          '{:.1f} {:.1f} {:.1f} {:.1f}, in float64 {:.0f} {:.0f} {:.0f} {:.0f}'.format(*seen))
    as_described &= np.allclose(seen, [expected, 0, expected, 0] + [16 * levels] * 4, atol=0.1)

sharp = data.astronaut()[:256, :256]
noise = np.random.default_rng(0).normal(size=sharp.shape)
photos = {'itself': sharp, 'blurred, sigma 1': gaussian_filter(sharp.astype(float), (1, 1, 0)), 'noisy, 5 of 255': sharp + 5 * noise,
          'a tenth darker': 0.9 * sharp}
rows = {}
for name, photo in photos.items():
    photo = np.uint8(np.clip(np.round(photo), 0, 255))
    rows[name] = scores(sharp, photo) + scores(mirrored(sharp), mirrored(photo))
    print(f'{name}: fsim {{:.4f}}, in float64 {{:.4f}}; both photos mirrored {{:.4f}}, in float64 {{:.4f}}'.format(*rows[name]))
    as_described &= abs(rows[name][1] - rows[name][3]) < 1e-5
    as_described &= abs(rows[name][0] - rows[name][2]) > 0.003 if name != 'itself' else np.allclose(rows[name], 1)
_, blurred, noisy, darker = rows.values()
as_described &= blurred[0] > noisy[0] + 0.01 and noisy[1] > blurred[1] + 0.02 and 1 - darker[0] > 5 * (1 - darker[1])
floats = scores(sharp.astype(float), np.round(gaussian_filter(sharp.astype(float), (1, 1, 0))))[0]
print(f'blurred, sigma 1, both photos as floats: fsim {floats:.4f}')
as_described &= abs(floats - blurred[0]) < 1e-5
print('the gradients wrap around, as described' if as_described else 'the behaviour has changed')
sys.exit(not as_described)
PY
