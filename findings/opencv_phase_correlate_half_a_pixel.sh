#!/usr/bin/env bash
# OpenCV's phaseCorrelate is wrong by half a pixel for photos of some heights and widths: a photo lies half a pixel beside itself.
#
# phaseCorrelate pads both photos to a size that is quick to transform (getOptimalDFTSize), puts the correlation's zero in the middle and
# measures the peak's distance from half the size. Where the padded height or width is odd (an odd product of 3s and 5s, such as 375, 675 or
# 1125, the heights of photos of 500 x 375, 1200 x 675 and 1500 x 1125), the zero lies on a whole pixel and half the size does not: 0.5 is
# added along that side, while the response stays near 1. It is the right answer for the other sizes that hides it. Whoever aligns a restored
# photo with the sharp one before PSNR, as benchmarks of real shake do, moves it away. What helps: crop or pad to even optimal sizes.
#
# Needs Python 3.11 or later and a package index. Exit 0: the behaviour is as described; 1: it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q opencv-python-headless==5.0.0.93 numpy==2.3.4
cd "$folder"
env/bin/python - <<'PY'
import sys
import cv2, numpy as np

print('OpenCV', cv2.__version__, 'NumPy', np.__version__)
scene = cv2.GaussianBlur(np.random.default_rng(0).random((1200, 1600)), (0, 0), 1.5)
scene = (scene - scene.min()) / np.ptp(scene)

def view(x, y, width, height): return np.ascontiguousarray(scene[y:y + height, x:x + width])

def by_numpy(a, b): # the same whole-pixel peak without padding or centring: x, y
    cross = np.fft.fft2(b) * np.fft.fft2(a).conj()
    peak = np.unravel_index(np.fft.ifft2(cross / abs(cross)).real.argmax(), a.shape)
    return [int((p + n // 2) % n - n // 2) for p, n in zip(peak, a.shape)][::-1]

def aligned(photo, shift): # dB of a photo, moved back by the shift, against itself
    moved = cv2.warpAffine(photo, np.float64([[1, 0, -shift[0]], [0, 1, -shift[1]]]), photo.shape[::-1], flags=cv2.INTER_CUBIC)
    return 10 * np.log10(1 / max(((moved - photo)[16:-16, 16:-16]**2).mean(), 1e-12))

as_described = True
for width, height in ((512, 384), (640, 360), (1200, 675), (500, 375), (405, 225), (490, 367)):
    padded = [cv2.getOptimalDFTSize(side) for side in (width, height)]
    extra = np.array([side % 2 / 2 for side in padded])
    photo, window = view(200, 200, width, height), cv2.createHanningWindow((width, height), cv2.CV_64F)
    other = view(203, 198, width, height) # the camera 3 to the right and 2 up: what it sees moves by (-3, 2)
    (itself, sure), (moved, _) = cv2.phaseCorrelate(photo, photo), cv2.phaseCorrelate(photo, other, window)
    peaks = by_numpy(photo, photo), by_numpy(photo * window, other * window)
    print(f'{width} x {height}, padded to {padded[0]} x {padded[1]}: against itself ({itself[0]:+.2f}, {itself[1]:+.2f}), response {sure:.3f},',
          f'NumPy {peaks[0]}; moved by (-3, 2): ({moved[0]:+.2f}, {moved[1]:+.2f}), NumPy {peaks[1]}; aligned with itself {aligned(photo, itself):.1f} dB')
    as_described &= peaks == ([0, 0], [-3, 2]) and sure > 0.99 and (aligned(photo, itself) > 100) == (not extra.any())
    as_described &= np.allclose(itself, extra, atol=0.01) and np.allclose(moved, extra + [-3, 2], atol=0.1)
sides = range(64, 2049)
print(f'of all sides from 64 to 2048 pixels {np.mean([cv2.getOptimalDFTSize(side) % 2 for side in sides]):.0%} are padded to an odd size')
print('half a pixel is added, as described' if as_described else 'the behaviour has changed')
sys.exit(not as_described)
PY
