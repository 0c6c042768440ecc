#!/usr/bin/env bash
# albumentations' Defocus makes a photo brighter: at radius 9 by 1.4 % with its default range of alias_blur, by 4 % without alias_blur.
#
# Defocus spreads the light of a point over a disk and takes none away or adds any, so a level grey photo stays as it is. albumentations
# makes the disk sum to 1 and then softens its edge by a Gaussian blur, which mirrors at the border of the kernel. From radius 7 on, the disk
# comes to that border (its array is 2 * max(8, radius) + 1 wide), light is counted twice there, and nothing divides by the sum afterwards. Radius
# 7 to 10 and alias_blur up to 0.5 are in the default ranges, so the gain differs from photo to photo, and whites burn out. A network
# that learns to undo this learns to darken; a blurred photo's PSNR is charged it. alias_blur=0 is worst: OpenCV then picks a sigma by itself.
# What helps: radius up to 6, or alias_blur=(0.1, 0.1), which leaves the disk as it is.
#
# Needs Python 3.11 or later and a package index. Exit 0: the behaviour is as described; 1: it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q albumentations==2.0.8 opencv-python-headless==5.0.0.93 numpy==2.4.6 scikit-image==0.26.0
cd "$folder"
NO_ALBUMENTATIONS_UPDATE=1 env/bin/python - <<'PY'
import sys
import albumentations, cv2, numpy as np
from skimage import data

print('albumentations', albumentations.__version__, 'OpenCV', cv2.__version__)
grey, photo = np.full((96, 96, 3), 0.5, np.float32), data.astronaut()

def defocused(image, radius, alias): return albumentations.Defocus(radius=(radius, radius), alias_blur=(alias, alias), p=1)(image=image)['image']

as_described = True
for radius in (3, 6, 7, 8, 9, 10, 15):
    gains = [float(defocused(grey, radius, alias).mean()) / 0.5 for alias in (0., 0.1, 0.5)]
    means = [float(defocused(photo, radius, alias).mean()) for alias in (0.1, 0.5)]
    print(f'radius {radius:2d}: a level grey photo times {{:.4f}}, {{:.4f}} and {{:.4f}} with alias_blur 0, 0.1 and 0.5; '
          'astronaut of mean {:.2f} becomes {:.2f} and {:.2f} with 0.1 and 0.5'.format(*gains, photo.mean(), *means))
    as_described &= abs(gains[1] - 1) < 1e-3 and abs(means[0] - photo.mean()) < 0.3
    if radius <= 6: as_described &= max(abs(gain - 1) for gain in gains) < 1e-3
    if 8 <= radius <= 10: as_described &= gains[0] > 1.025 and 1.008 < gains[2] < 1.02 and means[1] > photo.mean() + 1
print('the photo becomes brighter, as described' if as_described else 'the behaviour has changed')
sys.exit(not as_described)
PY
