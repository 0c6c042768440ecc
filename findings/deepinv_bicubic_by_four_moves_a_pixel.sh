#!/usr/bin/env bash
# deepinv's bicubic downsampling moves the photo: by 4 it lies a pixel further to the right and down than PyTorch's and Pillow's, by 2 it does not.
#
# Downsampling(filter='bicubic', factor=k) makes a small photo y = S(h * x), to be enlarged again. Where a photo is made smaller by k, pixel i of
# the result stands for pixels k i to k i + k - 1, whose middle is k i + (k - 1) / 2: so do PyTorch's interpolate with antialias and Pillow's
# resize. deepinv's h has an even number of pixels, its middle comes to lie at half a pixel, and S takes every k-th pixel from the first one on:
# the result stands for k i + 1/2. By 2 that is the same, and deepinv's photo is PyTorch's to rounding (away from the border); by 3, 4 and 8
# what it shows lies 1/2, 1 and 3 pixels of the sharp photo too far to the right and down. Bilinear and sinc filters are even too and move alike;
# the Gaussian one is odd and stands for k i. deepinv's adjoint has the same move, so within the package nothing shows it. But a small photo that is
# enlarged by another library, or by a network that learned from other bicubic photos, is held against a sharp one that lies elsewhere: here
# plain enlargements by 4 lose nearly 2 dB.
# What helps: move the photo first, physics(x.roll((1 - k // 2, 1 - k // 2), (2, 3))), for even k and padding 'circular', which is the default.
#
# Seen:
#     deepinv 0.5.0 torch 2.14.1+cu130 Pillow 13.0.0
#     camera, by 2: like PyTorch to 120.0 dB, moved by 0 first to 120.0 dB (Pillow to 120.0 dB); enlarged again 30.47 dB, of PyTorch's small photo 30.47 dB
#     camera, by 3: like PyTorch to 34.2 dB, moved by 0 first to 34.2 dB (Pillow to 120.0 dB); enlarged again 26.95 dB, of PyTorch's small photo 27.97 dB
#     camera, by 4: like PyTorch to 29.9 dB, moved by 1 first to 120.0 dB (Pillow to 120.0 dB); enlarged again 24.47 dB, of PyTorch's small photo 26.21 dB
#     camera, by 8: like PyTorch to 24.7 dB, moved by 3 first to 120.0 dB (Pillow to 120.0 dB); enlarged again 19.89 dB, of PyTorch's small photo 22.21 dB
#     astronaut, by 2: like PyTorch to 120.0 dB, moved by 0 first to 120.0 dB (Pillow to 120.0 dB); enlarged again 30.51 dB, of PyTorch's small photo 30.51 dB
#     astronaut, by 3: like PyTorch to 32.8 dB, moved by 0 first to 32.8 dB (Pillow to 120.0 dB); enlarged again 26.18 dB, of PyTorch's small photo 27.35 dB
#     astronaut, by 4: like PyTorch to 28.2 dB, moved by 1 first to 120.0 dB (Pillow to 120.0 dB); enlarged again 23.45 dB, of PyTorch's small photo 25.40 dB
#     astronaut, by 8: like PyTorch to 22.3 dB, moved by 3 first to 120.0 dB (Pillow to 120.0 dB); enlarged again 18.83 dB, of PyTorch's small photo 21.43 dB
#     by 2: of k pixels the middle is 0.50; bilinear 0.50, bicubic 0.50, sinc 0.50, gaussian 0.00
#     by 3: of k pixels the middle is 1.00; bilinear 0.50, bicubic 0.50, sinc 0.50, gaussian 0.00
#     by 4: of k pixels the middle is 1.50; bilinear 0.50, bicubic 0.50, sinc 0.50, gaussian 0.00
#     by 8: of k pixels the middle is 3.50; bilinear 0.50, bicubic 0.50, sinc 0.50, gaussian -0.00
#
# Needs Python 3.11 or later, a package index and, on Linux, 8 GB of disk for PyTorch. Exit 0: the behaviour is as described; 1: it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q deepinv==0.5.0 torch==2.14.1 torchvision==0.29.1 scikit-image==0.26.0 pillow==13.0.0 numpy==2.4.6
cd "$folder"
env/bin/python -W ignore - <<'PY'
import sys
import deepinv, numpy as np, PIL, torch
from deepinv.physics import Downsampling
from PIL import Image
from skimage import data
from torch.nn.functional import interpolate

print('deepinv', deepinv.__version__, 'torch', torch.__version__, 'Pillow', PIL.__version__)

def psnr(x, y, border): return min(float(-10 * torch.log10(((x - y)[..., border:-border, border:-border]**2).mean())), 120.)

def smaller(x, k, filter='bicubic'): return Downsampling(filter=filter, factor=k, img_size=tuple(x.shape[1:])).to(x.dtype)(x)

def bicubic(x, k): return interpolate(x, scale_factor=k, mode='bicubic', antialias=k < 1, recompute_scale_factor=True)

as_described, size = True, 480
grey = {name: np.atleast_3d(getattr(data, name)())[:size, :size].mean(2) / 255 for name in ('camera', 'astronaut')}
for name, photo in grey.items():
    x = torch.tensor(photo)[None, None]
    for k in (2, 3, 4, 8):
        y, other = smaller(x, k), bicubic(x, 1 / k)
        by_pillow = np.asarray(Image.fromarray(photo.astype(np.float32)).resize((size // k, size // k), Image.Resampling.BICUBIC))
        back = k // 2 - 1
        helped = smaller(x.roll((-back, -back), (2, 3)), k)
        like = [psnr(small, other, 4) for small in (y, helped, torch.tensor(by_pillow)[None, None])]
        gain = [psnr(bicubic(small, k), x, 8 * k) for small in (y, other)]
        print(f'{name}, by {k}: like PyTorch to {{:.1f}} dB, moved by {back} first to {{:.1f}} dB (Pillow to {{:.1f}} dB); '
              'enlarged again {:.2f} dB, of PyTorch\'s small photo {:.2f} dB'.format(*like, *gain))
        as_described &= like[2] > 90 and (like[1] > 90) == (k != 3) and (like[0] > 90) == (k == 2) and (k == 2 or like[0] < 40)
        as_described &= abs(gain[0] - gain[1]) < 1e-3 if k == 2 else gain[0] < gain[1] - (1 if k == 4 else 0.2)

ramp = torch.arange(float(size)).expand(1, 1, size, size).contiguous() # each pixel holds its place
for k in (2, 3, 4, 8):
    i = size // k // 2
    at = {name: float(smaller(ramp, k, name)[0, 0, i, i]) - k * i for name in ('bilinear', 'bicubic', 'sinc', 'gaussian')}
    middle = float(bicubic(ramp, 1 / k)[0, 0, i, i]) - k * i
    print(f'by {k}: of k pixels the middle is {middle:.2f};', ', '.join(f'{name} {place:.2f}' for name, place in at.items()))
    as_described &= abs(middle - (k - 1) / 2) < 1e-2 and abs(at['gaussian']) < 1e-2
    as_described &= max(abs(at[name] - 0.5) for name in ('bilinear', 'bicubic', 'sinc')) < 1e-2
print('the photo is moved, as described' if as_described else 'the behaviour has changed')
sys.exit(not as_described)
PY
