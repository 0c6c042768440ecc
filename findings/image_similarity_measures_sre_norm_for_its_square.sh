#!/usr/bin/env bash
# image-similarity-measures' SRE rises with the size and the range of a photo, and counts half of every decibel: 69 dB for 42.
#
# The signal to reconstruction error ratio (SRE) of Lanaras et al., whose paper the package names, is 10 log10 of the photo's squared mean over
# the mean squared error: a ratio, the same in [0, 1] and in [0, 255], for a photo and for its quarter. The package squares the mean but not the
# error: it divides the root of the sum of squares, the norm, by the number of pixels. So twice the error costs 3 dB and not 6; four times as many
# pixels with the same error bring 3 dB; and a photo in [0, 255] has 24 dB more than the same in [0, 1]. Restorations of one grey
# photo keep their order, which hides it; a mean over photos of several sizes does not, and no score compares with a published one. Here each is
# held against the formula, and against the formula with that mistake. What helps: 10 log10(mean(x)^2 / mean((x - y)^2)) in NumPy.
#
# Seen:
#     image-similarity-measures 0.3.6 NumPy 1.26.4
#     an error of 1: sre 69.30 dB, formula 42.21 dB, formula with the norm for its square 69.30 dB
#     an error of 2: sre 66.29 dB, formula 36.19 dB, formula with the norm for its square 66.29 dB
#     an error of 4: sre 63.28 dB, formula 30.16 dB, formula with the norm for its square 63.28 dB
#     an error of 1, in [0, 1]: sre 45.24 dB, formula 42.21 dB, formula with the norm for its square 45.24 dB
#     level grey, an error of 1: sre 69.23 dB, formula 42.13 dB, formula with the norm for its square 69.23 dB
#     level grey, its quarter: sre 66.22 dB, formula 42.13 dB, formula with the norm for its square 66.22 dB
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
import numpy as np
from image_similarity_measures.quality_metrics import sre
from skimage import data

print('image-similarity-measures', version('image-similarity-measures'), 'NumPy', np.__version__)

def formula(x, y, power=2): # of one channel; with power 1 the norm is not squared
    return 10 * np.log10(np.mean(x)**2 / (np.linalg.norm(x - y)**power / x.size))

sharp = data.camera().astype(np.float32)
error = np.random.default_rng(0).normal(0, 1, sharp.shape).astype(np.float32)
quarter = np.s_[:256, :256]
flat = np.full_like(sharp, 128)
cases = {'an error of 1': (sharp, sharp + error), 'an error of 2': (sharp, sharp + 2 * error), 'an error of 4': (sharp, sharp + 4 * error),
         'an error of 1, in [0, 1]': (sharp / 255, (sharp + error) / 255), 'level grey, an error of 1': (flat, flat + error),
         'level grey, its quarter': (flat[quarter], (flat + error)[quarter])}
rows = {}
for name, pair in cases.items():
    own = float(sre(*[np.dstack([photo] * 3) for photo in pair])) # it takes the mean of the channels' ratios, here three alike
    rows[name] = own, formula(*pair), formula(*pair, power=1)
    print(f'{name}: sre {{:.2f}} dB, formula {{:.2f}} dB, formula with the norm for its square {{:.2f}} dB'.format(*rows[name]))
own, right, mistaken = np.array(list(rows.values())).T
one, two, four, unit, level, part = own
as_described = np.allclose(own, mistaken, atol=0.01) and abs(one - two - 3.01) < 0.02 and abs(two - four - 3.01) < 0.02
as_described &= abs(right[0] - right[1] - 6.02) < 0.02 and abs(right[0] - right[3]) < 0.01 and abs(right[4] - right[5]) < 0.1
as_described &= abs(one - unit - 10 * np.log10(255)) < 0.02 and abs(level - part - 3.01) < 0.1 and own.min() > right.max() - 15
print('the norm is not squared, as described' if as_described else 'the behaviour has changed')
sys.exit(not as_described)
PY
