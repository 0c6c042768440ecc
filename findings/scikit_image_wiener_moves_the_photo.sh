#!/usr/bin/env bash
# scikit-image's filters.wiener and filter_inverse move the photo: by a pixel to the right and down, by two where its sides are even.
#
# filters.wiener is documented as the inverse filter of least mean square error for an impulse response that is given as a function, and
# filter_forward blurs by the same function. The blurred photo lies where the sharp one did; what wiener and filter_inverse make of it does not.
# They pad both to 2 n - 1 pixels a side and take the middle of the quotient, but the impulse response has its zero at (n - 1) / 2, for even n at
# n / 2 - 1, and the shift that should bring the photo back to the middle misses it by 1 or 2. An impulse response of a single point, which
# changes nothing, shows it without blur or noise. A restored photo that looks sharp then has a PSNR below that of the blurred one, and a network
# that is trained on such photos and the sharp ones learns to move them. Here the same quotient is taken in NumPy with the zero in its place, and
# moved by as much it is wiener's to rounding; restoration.wiener, another function of the same package, leaves the photo where it is. (Pull request
# 6883 mended filter_forward for even sides in 2023; it has no word of the inverse.) What helps: restoration.wiener, or np.roll back.
#
# Seen:
#     scikit-image 0.26.0 NumPy 2.4.6
#     255 x 255, point, filter_inverse: 21.2 dB where it lies, 120.0 dB moved by 1 right and 1 down
#     255 x 255, gauss, filter_forward: 25.6 dB where it lies, 25.6 dB moved by 0 right and 0 down
#     255 x 255, gauss, wiener: 22.3 dB where it lies, 31.3 dB moved by 1 right and 1 down
#     256 x 256, point, filter_inverse: 17.8 dB where it lies, 120.0 dB moved by 2 right and 2 down
#     256 x 256, gauss, filter_forward: 25.6 dB where it lies, 25.6 dB moved by 0 right and 0 down
#     256 x 256, gauss, wiener: 18.1 dB where it lies, 31.3 dB moved by 2 right and 2 down
#     256 x 256, gauss, in NumPy: 31.2 dB where it lies, 31.2 dB moved by 0 right and 0 down
#     256 x 256, gauss, restoration.wiener: 31.2 dB where it lies, 31.2 dB moved by 0 right and 0 down
#         wiener moved back is NumPy's to 5e-15
#     201 x 360, gauss, wiener: 20.5 dB where it lies, 31.1 dB moved by 1 right and 2 down
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
from skimage import data, restoration
from skimage.filters import filter_forward, filter_inverse, wiener

print('scikit-image', skimage.__version__, 'NumPy', np.__version__)
K = 1e-3

def point(r, c): return ((r == 0) & (c == 0)).astype(float)
def gauss(r, c): return np.exp(-(r**2 + c**2) / 4.5) / (4.5 * np.pi)
def inner(photo): return photo[16:-16, 16:-16]
def dbs(photo, sharp): return float(-10 * np.log10(np.square(inner(photo) - inner(sharp)).mean() + 1e-12))

def placed(photo, sharp): # the best of the moves by up to 3 pixels: dB, down, right
    return max((dbs(photo, np.roll(sharp, (down, right), (0, 1))), down, right) for down in range(-3, 4) for right in range(-3, 4))

def in_place(blurred, response): # the same quotient, with the response's zero at the first pixel
    sides = [2 * n - 1 for n in blurred.shape]
    r, c = np.meshgrid(*[(np.arange(n) + n // 2) % n - n // 2 for n in sides], indexing='ij')
    F = np.fft.fft2(response(r, c))
    return np.fft.ifft2(np.fft.fft2(blurred, sides) * F.conj() / (np.abs(F)**2 + K)).real[:blurred.shape[0], :blurred.shape[1]]

as_described = True
rows, columns = np.mgrid[-9:10, -9:10]
for height, width in ((255, 255), (256, 256), (360, 201)):
    sharp = data.camera()[100:100 + height, 100:100 + width] / 255
    moved = 2 - height % 2, 2 - width % 2
    for response in (point, gauss):
        blurred = filter_forward(sharp, response)
        right = restoration.wiener(blurred, response(rows, columns) if response is gauss else np.ones((1, 1)), K, reg=np.ones((1, 1)), clip=False)
        results = {'filter_forward': blurred, 'filter_inverse': filter_inverse(blurred, response, max_gain=20), 'wiener': wiener(blurred, response, K=K),
                   'in NumPy': in_place(blurred, response), 'restoration.wiener': right}
        for name, photo in results.items():
            best, down, to_right = placed(photo, sharp)
            print(f'{width} x {height}, {response.__name__}, {name}: {dbs(photo, sharp):.1f} dB where it lies, {best:.1f} dB moved by {to_right} right and {down} down')
            as_described &= (down, to_right) == (moved if name in ('filter_inverse', 'wiener') else (0, 0))
        back = np.roll(results['wiener'], [-step for step in moved], (0, 1))
        rounding = np.abs(inner(back) - np.abs(inner(results['in NumPy']))).max()
        print(f'    wiener moved back is NumPy\'s to {rounding:.0e}')
        as_described &= rounding < 1e-6 and dbs(results['wiener'], sharp) < dbs(blurred, sharp) - 2
        if response is gauss: as_described &= dbs(back, sharp) > dbs(blurred, sharp) + 4
print('the photo is moved, as described' if as_described else 'the behaviour has changed')
sys.exit(not as_described)
PY
