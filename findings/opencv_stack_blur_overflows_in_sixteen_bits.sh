#!/usr/bin/env bash
# OpenCV's stackBlur breaks 16-bit photos: a level grey of 60000 becomes 42007 with a kernel of 5 pixels, and 10880 with one of 51.
#
# stackBlur is the fast stand-in for a Gaussian blur (a triangle of weights in each direction), documented for CV_8U, CV_16U, CV_16S and CV_32F. For
# kernels of 5 to 9 pixels it adds the pixels to the left and right of one in 16 bits, and the sum stops at 65535: what is brighter than half
# the range is held there, but for the ends of the rows, which another loop does. From 31 pixels on the weighted sum, multiplied in
# place of a division, leaves its 32 bits and begins anew at 0: bright pixels come out dark, in patches. Kernels of 3 and of 11 to 29 are right,
# and so are these photos while they use 14 of the 16 bits, which hides it; int16 is hit alike. There is no word of it. Who blurs sharp 16-bit
# photos for pairs, or sharpens by an unsharp mask, gets something else than a blur. Each is held against the same triangle by sepFilter2D and
# against stackBlur of the same photo in float32. (Seen on x86; the code is written for all processors with vector instructions. No issue of it
# was found.) What helps: float32 in between, or sepFilter2D.
#
# Seen:
#     OpenCV 5.0.0 NumPy 2.4.6
#     a level grey of 60000: 3 pixels 60000, 5 pixels 42007, 7 pixels 39575, 9 pixels 38288, 11 pixels 60117, 29 pixels 60150, 31 pixels 27232,
#         51 pixels 10880
#     in a row of 64, 9 pixels along the row: 60000 at the ends, 38251 in the middle
#     float32: levels of 255 off in the mean (at most) 3: 0.0 (0), 5: 0.0 (0), 7: 0.0 (0), 9: 0.0 (0), 11: 0.0 (0), 29: 0.0 (1), 31: 0.0 (1),
#         51: 0.0 (1)
#     8 bits: levels of 255 off in the mean (at most) 3: 0.7 (2), 5: 0.5 (2), 7: 0.9 (2), 9: 0.7 (2), 11: 0.3 (1), 29: 0.3 (1), 31: 0.5 (1), 51:
#         0.4 (2)
#     16 bits: levels of 255 off in the mean (at most) 3: 0.0 (0), 5: 21.0 (84), 7: 24.0 (93), 9: 25.4 (96), 11: 0.3 (0), 29: 0.3 (1), 31: 82.8
#         (128), 51: 105.6 (191)
#     int16: levels of 255 off in the mean (at most) 3: 0.0 (0), 5: 20.8 (83), 7: 23.8 (92), 9: 25.1 (96), 11: 0.2 (0), 29: 0.3 (1), 31: 166.0
#         (257), 51: 128.8 (256)
#     12 of 16 bits: levels of 255 off in the mean (at most) 3: 0.0 (0), 5: 0.4 (1), 7: 0.0 (0), 9: 0.2 (0), 11: 0.2 (0), 29: 0.3 (1), 31: 0.0
#         (1), 51: 0.0 (1)
#     14 of 16 bits: levels of 255 off in the mean (at most) 3: 0.0 (0), 5: 0.5 (1), 7: 0.0 (0), 9: 0.2 (0), 11: 0.2 (0), 29: 0.3 (1), 31: 0.0
#         (1), 51: 0.1 (1)
#     a photo in colours, 9 pixels, held against float32: of the 16 bits 17.0 dB, of its 8 bits 50.3 dB
#
# Needs Python 3.11 or later and a package index. Exit 0: the behaviour is as described; 1: it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q opencv-python-headless==5.0.0.93 scikit-image==0.26.0 numpy==2.4.6
cd "$folder"
env/bin/python - <<'PY'
import sys
import cv2, numpy as np
from skimage import data

print('OpenCV', cv2.__version__, 'NumPy', np.__version__)
photo = data.camera().astype(np.float64) # of 8 bits

def triangle(x, size): # the weights 1, 2, ... , 2, 1, in each direction
    weights = np.convolve(np.ones(size // 2 + 1), np.ones(size // 2 + 1)) / (size // 2 + 1)**2
    return cv2.sepFilter2D(x, -1, weights, weights, borderType=cv2.BORDER_REPLICATE)

def off(x, size): # in 8-bit levels: how far from the triangle, in the mean and at most
    scale = x.max() / 255
    difference = (cv2.stackBlur(x, (size, size)).astype(np.float64) - triangle(x.astype(np.float64), size)) / scale
    return np.abs(difference).mean(), np.abs(difference).max()

grey = np.full((64, 64), 60000, np.uint16)
levels = {size: int(cv2.stackBlur(grey, (size, size))[32, 32]) for size in (3, 5, 7, 9, 11, 29, 31, 51)}
print('a level grey of 60000:', ', '.join(f'{size} pixels {level}' for size, level in levels.items()))
as_described = levels[5] == 42007 and levels[51] == 10880 and all(abs(levels[size] / 60000 - 1) < 0.01 for size in (3, 11, 29))
as_described &= all(abs(cv2.stackBlur(grey.astype(np.float32), (size, size))[32, 32] / 60000 - 1) < 1e-3 for size in levels)

ends = cv2.stackBlur(grey, (9, 1))[32] # along the rows only
print('in a row of 64, 9 pixels along the row:', int(ends[0]), 'at the ends,', int(ends[32]), 'in the middle')
as_described &= abs(int(ends[0]) / 60000 - 1) < 0.01 and 38000 < ends[32] < 38500

kinds = {'float32': photo.astype(np.float32), '8 bits': photo.astype(np.uint8), '16 bits': (photo * 257).astype(np.uint16),
         'int16': (photo * 128).astype(np.int16), '12 of 16 bits': (photo * 16).astype(np.uint16), '14 of 16 bits': (photo * 64).astype(np.uint16)}
wrong = {'float32': (), '8 bits': (), '16 bits': (5, 7, 9, 31, 51), 'int16': (5, 7, 9, 31, 51), '12 of 16 bits': (), '14 of 16 bits': ()}
for kind, x in kinds.items():
    seen = {size: off(x, size) for size in levels}
    print(f'{kind}: levels of 255 off in the mean (at most)', ', '.join(f'{size}: {mean:.1f} ({most:.0f})' for size, (mean, most) in seen.items()))
    for size, (mean, most) in seen.items():
        as_described &= mean > 5 and most > 40 if size in wrong[kind] else mean < 1 and most < 3
colours = (data.astronaut().astype(np.float64) * 257).astype(np.uint16)
blurred = cv2.stackBlur(colours.astype(np.float32), (9, 9)).astype(np.float64)
errors = {name: np.mean((other / 257 - blurred / 257)**2) for name, other in (('of the 16 bits', cv2.stackBlur(colours, (9, 9)).astype(np.float64)),
          ('of its 8 bits', cv2.stackBlur((colours // 257).astype(np.uint8), (9, 9)).astype(np.float64) * 257))}
scores = {name: 10 * np.log10(255**2 / error) for name, error in errors.items()}
print('a photo in colours, 9 pixels, held against float32:', ', '.join(f'{name} {score:.1f} dB' for name, score in scores.items()))
as_described &= scores['of the 16 bits'] < 25 and scores['of its 8 bits'] > 45
print('it breaks 16 bits, as described' if as_described else 'the behaviour has changed')
sys.exit(not as_described)
PY
