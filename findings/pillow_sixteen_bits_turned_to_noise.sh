#!/usr/bin/env bash
# Pillow turns a 16-bit photo by an angle, bilinear or bicubic, into noise between 0 and 255, where turning by the nearest pixel is right.
#
# Pillow opens a grey 16-bit PNG or TIFF (film scans, depth, raw frames) as mode I;16. rotate and transform, of which shears, shifts by part of a
# pixel and perspective are made, are documented for resample=NEAREST, BILINEAR and BICUBIC, with a word of modes 1 and P only. For I;16 the last
# two take bytes for pixels: what they return is, to the last pixel, what they make of an 8-bit photo whose columns are the low and the high bytes
# of the left half, in turn. Size and mode are as they should be, and nothing is said. resize takes I;16 rightly, and filters refuse it ('image
# has wrong mode'). On a screen the result is black, but brought to its own range, or fed to a network among photos turned at random, it passes
# for a noisy one. Pillow calls its support of I;16 limited, and an issue of 2015 (python-pillow 1127, closed) that had a black photo was answered
# so. In mode F the same photo is turned rightly. What helps: convert('I') first, and convert('I;16') after it.
#
# Seen:
#     Pillow 13.0.0 NumPy 2.4.6
#     a 16-bit PNG is opened as I;16 from 18000 to 56992
#     turned, NEAREST: I;16, 18000 to 56992, in mode F 18000 to 56992; correlation 1.00, by way of I off by at most 0.0
#     turned, BILINEAR: I;16, 2 to 250, in mode F 18003 to 56976; correlation -0.02, by way of I off by at most 1.0
#     turned, BICUBIC: I;16, 0 to 255, in mode F 15958 to 59141; correlation -0.02, by way of I off by at most 1.0
#     moved, BICUBIC: I;16, 0 to 255, in mode F 17358 to 59527; correlation -0.01, by way of I off by at most 1.0
#     smaller, BICUBIC: I;16, 18034 to 57300, in mode F 18034 to 57300; correlation 1.00, by way of I off by at most 0.9
#     a filter of the same photo: ValueError, image has wrong mode
#
# Needs Python 3.11 or later and a package index. Exit 0: the behaviour is as described; 1: it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q pillow==13.0.0 numpy==2.4.6
cd "$folder"
env/bin/python - <<'PY'
import sys
import numpy as np, PIL
from PIL import Image, ImageFilter
from PIL.Image import Resampling, Transform

print('Pillow', PIL.__version__, 'NumPy', np.__version__)
y, x = np.mgrid[:192, :256]
scene = 30000 + 12000 * np.sin(x / 9) * np.cos(y / 13) + 15000 * (np.hypot(x - 130, y - 90) < 50) # soft waves and a disk
Image.fromarray(np.round(scene).astype(np.uint16)).save('photo.png')
photo = Image.open('photo.png')
photo.load()
print('a 16-bit PNG is opened as', photo.mode, 'from', '{} to {}'.format(*photo.getextrema()))

def turned(image, how): return image.rotate(30, resample=how)
def moved(image, how): return image.transform(image.size, Transform.AFFINE, (1, 0, 0.5, 0, 1, 0.25), resample=how)
def sheared(image, how): return image.transform(image.size, Transform.AFFINE, (1, 0.1, 0, 0, 1, 0), resample=how)
def smaller(image, how): return image.resize((100, 80), resample=how)
def numbers(image): return np.asarray(image).astype(float)

as_described = photo.mode == 'I;16' and np.array_equal(numbers(photo), np.round(scene))
floating = Image.fromarray(numbers(photo).astype(np.float32))
halves = Image.fromarray(np.round(scene).astype('<u2').view(np.uint8)[:, :photo.width]) # the bytes of the left half, as an 8-bit photo
for change in (turned, moved, sheared, smaller):
    for how in [Resampling.NEAREST, Resampling.BILINEAR, Resampling.BICUBIC][change is smaller:]:
        right = numbers(change(floating, how)).clip(0, 65535)
        result = change(photo, how)
        own, helped = numbers(result), numbers(change(photo.convert('I'), how).convert('I;16'))
        inside, error = right > 0, np.abs(own - right).max()
        alike = np.corrcoef(own[inside], right[inside])[0, 1]
        print(f'{change.__name__}, {how.name}: {result.mode}, {own[inside].min():.0f} to {own[inside].max():.0f}, in mode F '
              f'{right[inside].min():.0f} to {right[inside].max():.0f}; correlation {alike:.2f}, by way of I off by at most {np.abs(helped - right).max():.1f}')
        as_described &= result.mode == 'I;16' and np.abs(helped - right).max() < 2
        if how == Resampling.NEAREST or change is smaller: as_described &= error < 2
        else: as_described &= own.max() < 256 and alike < 0.5 and np.array_equal(own, numbers(change(halves, how)))
try: photo.filter(ImageFilter.GaussianBlur(2))
except ValueError as error: print('a filter of the same photo: ValueError,', error)
else: as_described = False
print('the photo is turned to noise, as described' if as_described else 'the behaviour has changed')
sys.exit(not as_described)
PY
