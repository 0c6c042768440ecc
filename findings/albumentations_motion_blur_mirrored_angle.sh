#!/usr/bin/env bash
# albumentations' MotionBlur smears along the mirrored angle: asked for 30 degrees, it smears along 150, and for -> to the left.
#
# Its documentation draws the angles counterclockwise, 45 degrees as a diagonal to the upper right, and direction=1 at 0 degrees as a smear to
# the right of a point. The kernel is drawn with y upwards, but a photo's rows count downwards: every oblique smear is mirrored. Then the
# kernel is not turned round for the convolution, so a point is smeared opposite to the drawing: at 0 degrees to the left for direction=1,
# and, as both mistakes cancel there, upwards at 90 as promised. At 45 degrees and direction=1 the smear goes to the upper left. Nobody
# sees it while angles are drawn from the whole circle; whoever learns or tests the angle of a blur (labels, a range of shakes, a pan) has
# it wrong. What helps: give 180 - angle, which puts both the axis and the direction right.
#
# Needs Python 3.11 or later and a package index. Exit 0: the behaviour is as described; 1: it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q albumentations==2.0.8 opencv-python-headless==5.0.0.93 numpy==2.4.6
cd "$folder"
NO_ALBUMENTATIONS_UPDATE=1 env/bin/python - <<'PY'
import math, sys
import albumentations, cv2, numpy as np

print('albumentations', albumentations.__version__, 'OpenCV', cv2.__version__)
point = np.zeros((63, 63), np.float32)
point[31, 31] = 1
right, up = np.arange(63) - 31, 31 - np.arange(63) # of each column and of each row

def smear(angle, direction): # of a point by 31 pixels: the axis in degrees, and how far its middle moves to the right and up
    ranges = dict(angle_range=(angle, angle), direction_range=(direction, direction))
    blur = albumentations.MotionBlur(blur_limit=(31, 31), allow_shifted=False, p=1, **ranges)
    light = blur(image=point)['image'].astype(float)
    light /= light.sum()
    x, y = float((light * right).sum()), float((light * up[:, None]).sum())
    dx, dy = right - x, up[:, None] - y
    xx, xy, yy = [float((light * product).sum()) for product in (dx * dx, dx * dy, dy * dy)]
    return math.degrees(math.atan2(2 * xy, xx - yy)) / 2 % 180, x, y

def apart(a, b): return abs((a - b + 90) % 180 - 90) # of two axes

as_described = True
for angle in (0, 30, 45, 60, 90, 135):
    drawn_x, drawn_y = 7.5 * math.cos(math.radians(angle)), 7.5 * math.sin(math.radians(angle))
    axis, (_, x, y), (helped, other_x, other_y) = smear(angle, 0)[0], smear(angle, 1), smear(180 - angle, 1)
    print(f'{angle:3d} degrees: the axis is {(axis + 0.5) % 180 - 0.5:.0f}; with direction=1 the middle of the smear moves '
          f'({x:+.1f}, {y:+.1f}) to the right and up, by the documentation ({drawn_x:+.1f}, {drawn_y:+.1f})')
    as_described &= apart(axis, 180 - angle) < 1.5 and math.hypot(x + drawn_x, y - drawn_y) < 1.5
    as_described &= apart(helped, angle) < 1.5 and math.hypot(other_x - drawn_x, other_y - drawn_y) < 1.5
print('the angle is mirrored, as described' if as_described else 'the behaviour has changed')
sys.exit(not as_described)
PY
