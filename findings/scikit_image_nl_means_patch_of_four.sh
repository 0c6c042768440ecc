#!/usr/bin/env bash
# scikit-image's fast denoise_nl_means compares patches of 4 x 4 pixels for patch_size=5, and those lie beside the pixel.
#
# Non-local means replaces a pixel by a mean over pixels around which the photo looks alike: the weight is exp(-d / h^2), d being the mean squared
# difference of two patches of patch_size x patch_size pixels. Documented are patches centred on the pixel, all of whose pixels count alike in the
# fast mode, which is the default. It takes d from a table of sums (an integral image), whose upper corner belongs to the row and the column before
# the patch. scikit-image takes the patch's own first row and column there: they are left out, and what is left is divided by patch_size^2 as
# before. So 5 stands for 4 x 4 pixels and 3 for 2 x 2, half a pixel below and to the right of the pixel; h acts as 1.25 times what it says, for 3
# as 1.5 times; and a mirrored photo is denoised otherwise than the photo, so that a network that learns from such photos, mirrored at random, sees
# two answers. With fast_mode=False, where the middle of a patch counts more, patches are whole, and mirrors change nothing. Here the fast mode is
# held against both patches in NumPy (as in scikit-image, weights below exp(-5) are left out; its exponential is an approximation). What helps:
# fast_mode=False.
#
# Seen:
#     scikit-image 0.26.0 NumPy 2.4.6
#     patch_size 3, sigma 0: off by up to 0.183 from the formula of 3 x 3 pixels, 0.002 from that of 2 x 2 over 3^2; mirrored by up to 0.206
#     patch_size 3, sigma 0.1: off by up to 0.254 from the formula of 3 x 3 pixels, 0.003 from that of 2 x 2 over 3^2; mirrored by up to 0.337
#     patch_size 5, sigma 0: off by up to 0.203 from the formula of 5 x 5 pixels, 0.003 from that of 4 x 4 over 5^2; mirrored by up to 0.124
#     patch_size 5, sigma 0.1: off by up to 0.171 from the formula of 5 x 5 pixels, 0.003 from that of 4 x 4 over 5^2; mirrored by up to 0.203
#     patch_size 7, sigma 0: off by up to 0.163 from the formula of 7 x 7 pixels, 0.003 from that of 6 x 6 over 7^2; mirrored by up to 0.113
#     patch_size 7, sigma 0.1: off by up to 0.172 from the formula of 7 x 7 pixels, 0.004 from that of 6 x 6 over 7^2; mirrored by up to 0.171
#
# Needs Python 3.11 or later and a package index. Exit 0: the behaviour is as described; 1: it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q scikit-image==0.26.0 numpy==2.4.6
cd "$folder"
env/bin/python - <<'PY'
import sys
import numpy as np, skimage
from skimage import data
from skimage.restoration import denoise_nl_means

print('scikit-image', skimage.__version__, 'NumPy', np.__version__)
distance, inner = 6, (slice(16, -16), slice(16, -16)) # the border is left out: how it is continued is another matter

def formula(photo, patch, h, sigma): # patch: the rows, and the columns, that it has around its pixel
    count, width = (2 * max(patch) + 1)**2, distance + max(patch) + 8
    padded, top, bottom = np.pad(photo, width, mode='reflect'), 0, 0
    for i in range(-distance, distance + 1):
        for j in range(-distance, distance + 1):
            other = np.roll(padded, (-i, -j), (0, 1))
            rows = sum(np.roll((padded - other)**2 - 2 * sigma**2, -k, 0) for k in patch)
            d = np.maximum(sum(np.roll(rows, -k, 1) for k in patch) / count, 0) / h**2
            weight = np.where(d < 5, np.exp(-d), 0)
            top, bottom = top + weight * other, bottom + weight
    return (top / bottom)[width:-width, width:-width]

sharp = data.camera()[100:228, 150:278] / 255
noisy = sharp + 0.1 * np.random.default_rng(0).standard_normal(sharp.shape)
as_described = True
for size in (3, 5, 7):
    for sigma in (0, 0.1):
        def own(x, fast=True): return denoise_nl_means(x, patch_size=size, patch_distance=distance, h=0.08, sigma=sigma, fast_mode=fast)
        n = size // 2
        whole, less = formula(noisy, range(-n, n + 1), 0.08, sigma), formula(noisy, range(1 - n, n + 1), 0.08, sigma)
        fast, slow = own(noisy), own(noisy, False)
        mirror = [np.abs(own(noisy[:, ::-1].copy(), mode)[:, ::-1] - result)[inner].max() for mode, result in ((True, fast), (False, slow))]
        far = [np.abs(fast - other)[inner].max() for other in (whole, less)]
        print(f'patch_size {size}, sigma {sigma}: off by up to {far[0]:.3f} from the formula of {size} x {size} pixels, {far[1]:.3f} from that of',
              f'{size - 1} x {size - 1} over {size}^2; mirrored by up to {mirror[0]:.3f}, with fast_mode=False by {mirror[1]:.0e}')
        as_described &= far[1] < 0.006 and far[0] > 0.1 and mirror[0] > 0.05 and mirror[1] < 1e-9
print('a row and a column are missing, as described' if as_described else 'the behaviour has changed')
sys.exit(not as_described)
PY
