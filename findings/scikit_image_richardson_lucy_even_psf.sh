#!/usr/bin/env bash
# scikit-image's richardson_lucy diverges for box and motion kernels (PSFs) with an even number of rows or columns.
#
# Richardson-Lucy multiplies the photo x, step by step, by A'(y / Ax), where A blurs and A' is its adjoint. scikit-image takes both from SciPy's
# convolution with mode='same', of the PSF and of the mirrored PSF. Where no pixel is in the middle, SciPy centres on the one before it,
# mirrored or not, so the second convolution is the adjoint moved by one pixel. The first iterations sharpen, the later ones spoil the photo,
# until the result blurred again no longer resembles the photo given. It takes no noise, and nothing is said. A row and a column of zeros
# before such a PSF make it odd; the blurred photo is the same, and the iterations do what they should.
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
import numpy as np, scipy, skimage
from scipy.signal import convolve
from skimage import data
from skimage.metrics import peak_signal_noise_ratio
from skimage.restoration import richardson_lucy

print('scikit-image', skimage.__version__, 'scipy', scipy.__version__)
sharp = data.camera()[100:292, 100:292] / 255

def psnr(a, b): return peak_signal_noise_ratio(a[24:-24, 24:-24], b[24:-24, 24:-24], data_range=1) # away from the borders

def course(blurred, psf): # dB of 10, 30, 100 and 300 iterations against the sharp photo, and of the last, blurred again, against the blurred
    restored = [richardson_lucy(blurred, psf, num_iter=n) for n in (10, 30, 100, 300)]
    return [psnr(sharp, photo) for photo in restored], psnr(blurred, convolve(restored[-1], psf, mode='same'))

as_described = True
for name, psf in {'box of 4 x 4': np.ones((4, 4)) / 16, 'shake of 8 x 8': np.eye(8) / 8, 'pan of 1 x 8': np.ones((1, 8)) / 8}.items():
    odd = np.pad(psf, [(1 - size % 2, 0) for size in psf.shape])
    blurred = convolve(sharp, psf, mode='same')
    same = np.allclose(blurred, convolve(sharp, odd, mode='same'), atol=1e-12)
    print(f'{name}: blurred {psnr(sharp, blurred):.1f} dB; the odd PSF blurs alike: {same}')
    (even_dbs, even_again), (odd_dbs, odd_again) = course(blurred, psf), course(blurred, odd)
    for kind, dbs, again in (('even', even_dbs, even_again), ('odd', odd_dbs, odd_again)):
        print(f'  {kind:4s}: restored', ' '.join(f'{db:.1f}' for db in dbs), f'dB after 10, 30, 100, 300; the last blurred again {again:.1f} dB')
    diverges = even_dbs[2] < psnr(sharp, blurred) and even_dbs[3] < 15 and even_again < 25
    as_described &= same and diverges and min(odd_dbs) > psnr(sharp, blurred) and odd_again > 40
point, box = np.zeros((11, 11)), np.ones((4, 4)) # the box is its own mirror, so that blurring twice should leave the point in the middle
point[4, 4] = 1
there_and_back = convolve(convolve(point, box, mode='same'), box, mode='same')
centre = np.argwhere(there_and_back == there_and_back.max())[0].tolist()
print('a point at [4, 4], blurred by the box and by its mirror, is brightest at', centre)
as_described &= centre == [5, 5]
print('an even PSF diverges, as described' if as_described else 'the behaviour has changed')
sys.exit(not as_described)
PY
