#!/usr/bin/env bash
# scikit-image's Poisson noise counts as many photons as the photo has distinct values: 256 in 8 bits, 262,144 after a blur, 4 on a chart of 4 greys.
#
# random_noise(photo, mode='poisson') is documented as Poisson-distributed noise generated from the data; how many photons a white pixel
# counts decides how strong it is, and no argument says so. The function counts the photo's distinct values and takes the next power of two
# as that number. An 8-bit photo has up to 256 greys, so 256 photons. The same photo as floats, blurred by a pixel or two, as one does to make
# pairs for deblurring, has a distinct value in nearly every pixel and 262,144 photons: 30 dB less noise, and less still the larger the
# photo is. A chart of four greys has 4 photons, level grey has one and comes back in black and white. Colour counts all channels
# together, and a crop of a photo is noisier than the photo. Each number of photons is measured here from the noise, as mean over variance, and
# held against numpy.random's Poisson noise of 256 photons. (Issue 4885, open since 2020, asks what the distinct values are for; pull request 772
# of 2013 meant them for the bit depth.) What helps: rng.poisson(photo * photons) / photons.
#
# Seen:
#     scikit-image 0.26.0 NumPy 2.4.6
#     camera, 8 bits: 256 distinct values, 255 photons by the noise, 27.0 dB; 256 by NumPy: 255 photons, 27.0 dB
#     camera, the same as floats: 256 distinct values, 255 photons by the noise, 27.0 dB; 256 by NumPy: 255 photons, 27.0 dB
#     64 x 64 pixels of its sky: 14 distinct values, 16 photons by the noise, 13.0 dB; 256 by NumPy: 246 photons, 24.9 dB
#     camera, blurred by 0.5 pixels: 252,032 distinct values, 261,496 photons by the noise, 57.1 dB; 256 by NumPy: 256 photons, 27.0 dB
#     camera, blurred by 2 pixels: 262,144 distinct values, 261,683 photons by the noise, 57.1 dB; 256 by NumPy: 256 photons, 27.0 dB
#     the blurred one in 8 bits: 246 distinct values, 255 photons by the noise, 27.0 dB; 256 by NumPy: 255 photons, 27.0 dB
#     astronaut, blurred by 2 pixels: 744,289 distinct values, 1,047,493 photons by the noise, 63.7 dB; 256 by NumPy: 256 photons, 27.6 dB
#     a chart of four greys: 4 distinct values, 4 photons by the noise, 9.0 dB; 256 by NumPy: 256 photons, 27.1 dB
#     level grey: 1 distinct values, 1 photons by the noise, 3.0 dB; 256 by NumPy: 256 photons, 27.1 dB
#
# Needs Python 3.11 or later and a package index. Exit 0: the behaviour is as described; 1: it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q scikit-image==0.26.0 scipy==1.17.1 numpy==2.4.6
cd "$folder"
env/bin/python - <<'PY'
import sys
import numpy as np, skimage
from scipy.ndimage import gaussian_filter
from skimage import data, img_as_float
from skimage.util import random_noise

print('scikit-image', skimage.__version__, 'NumPy', np.__version__)
camera = data.camera()
sharp = img_as_float(camera)
chart = np.repeat(np.linspace(0.2, 0.8, 4), 128)[None].repeat(512, 0)
cases = {'camera, 8 bits': (camera, 256), 'camera, the same as floats': (sharp, 256), '64 x 64 pixels of its sky': (camera[:64, :64], 16),
         'camera, blurred by 0.5 pixels': (gaussian_filter(sharp, 0.5), 2**18), 'camera, blurred by 2 pixels': (gaussian_filter(sharp, 2), 2**18),
         'the blurred one in 8 bits': (np.round(255 * gaussian_filter(sharp, 2)).astype(np.uint8), 256),
         'astronaut, blurred by 2 pixels': (gaussian_filter(img_as_float(data.astronaut()), (2, 2, 0)), 2**20),
         'a chart of four greys': (chart, 4), 'level grey': (np.full((512, 512), 0.5), 1)}

def photons(noisy, photo): return float(photo.mean() / np.square(noisy - photo).mean()) # of white: a Poisson number's variance is its mean

as_described = True
for name, (photo, expected) in cases.items():
    light = img_as_float(photo)
    noisy = random_noise(photo, mode='poisson', rng=0, clip=False)
    plain = np.random.default_rng(0).poisson(light * 256) / 256
    seen, known = photons(noisy, light), photons(plain, light)
    db, plain_db = [-10 * np.log10(np.square(result - light).mean()) for result in (noisy, plain)]
    print(f'{name}: {len(np.unique(photo)):,} distinct values, {seen:,.0f} photons by the noise, {db:.1f} dB; 256 by NumPy: {known:.0f} photons, {plain_db:.1f} dB')
    within = 0.03 if light.size > 1e5 else 0.15
    as_described &= abs(seen / expected - 1) < within and abs(known / 256 - 1) < within
    if name == 'level grey': as_described &= set(np.unique(random_noise(photo, mode='poisson', rng=0))) == {0., 1.}
print('the noise depends on the distinct values, as described' if as_described else 'the behaviour has changed')
sys.exit(not as_described)
PY
