#!/usr/bin/env bash
# torchvision turns the white of a photo black where it makes 16 bits of it: 1.0 becomes 0, and 0.9999999 becomes 65535.
#
# torchvision.io reads a 16-bit PNG as uint16, ToDtype(torch.float32, scale=True) takes it to [0, 1], and ToDtype(torch.uint16, scale=True)
# should take it back. It multiplies by 65536 - 0.001 and cuts off; the nearest number to that in float32 is 65536, one more than fits, and
# what is stored is 0. Only white itself is hit: burnt-out highlights, and all that a restoration clamped to 1. The documentation (of
# ConvertImageDtype, which this replaces and which does the same) names float32 to int32 as unsafe, since float32 cannot hold those integers;
# all of uint16 it can. adjust_gamma and adjust_hue of a uint16 photo go the same way inside: with gamma 1 or hue 0, which change nothing,
# white is black. float64 to uint16 and float32 to int16 are right. That float16 and bfloat16 lose white to uint8 is known (pytorch/vision
# issue 6799, open since 2022). What helps: (x * 65535).round().to(torch.uint16), or float64.
#
# Seen:
#     torchvision 0.29.1+cu130 torch 2.14.1+cu130
#     0, a half, the number before 1, and 1 as uint16: [0, 32768, 65535, 0] by scikit-image: [0, 32768, 65535, 65535]
#     a 16-bit PNG, read as torch.uint16: 11.4% of its values are white
#     to float32 and back: 100.00% of the white is black, others move by at most 0 of 65535; 9.4 dB
#     gamma 1: 100.00% of the white is black, others move by at most 0 of 65535; 9.4 dB
#     hue 0: 100.00% of the white is black, others move by at most 1 of 65535; 9.4 dB
#     to float64 and back: 0.00% of the white is black, others move by at most 0 of 65535; 120.0 dB
#
# Needs Python 3.11 or later, a package index and, on Linux, 8 GB of disk for PyTorch. Exit 0: the behaviour is as described; 1: it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q torchvision==0.29.1 torch==2.14.1 scikit-image==0.26.0 imagecodecs==2026.3.6 numpy==2.4.6
cd "$folder"
env/bin/python - <<'PY'
import sys
import imagecodecs, numpy as np, torch, torchvision
from skimage import data, img_as_uint
from torchvision.io import decode_image
from torchvision.transforms import v2
from torchvision.transforms.v2 import functional as F

print('torchvision', torchvision.__version__, 'torch', torch.__version__)
whites = torch.tensor([0, 0.5, 1 - 2**-24, 1]) # the last but one is the number before 1
seen = v2.ToDtype(torch.uint16, scale=True)(whites).tolist()
print('0, a half, the number before 1, and 1 as uint16:', seen, 'by scikit-image:', img_as_uint(whites.numpy()).tolist())
as_described = seen[0] == 0 and seen[2:] == [65535, 0]

bright = np.clip(1.2 * data.astronaut() / 255, 0, 1) # a photo with highlights
with open('photo.png', 'wb') as file: file.write(imagecodecs.png_encode(np.round(65535 * bright).astype(np.uint16)))
photo = decode_image('photo.png')
burnt = (photo.int() == 65535).float().mean()
print(f'a 16-bit PNG, read as {photo.dtype}: {burnt:.1%} of its values are white')
x = F.to_dtype(photo, torch.float32, scale=True)
ways = {'to float32 and back': F.to_dtype(x, torch.uint16, scale=True), 'gamma 1': F.adjust_gamma(photo, 1),
        'hue 0': F.adjust_hue(photo, 0), 'to float64 and back': F.to_dtype(x.double(), torch.uint16, scale=True),
        'to float32, times 65535, rounded': (x * 65535).round().to(torch.uint16)}
for name, way in ways.items():
    turned = float((way.int()[photo.int() == 65535] == 0).float().mean())
    others = int((way.int() - photo.int()).abs()[photo.int() < 65535].max())
    dbs = float(-10 * torch.log10(((way.double() - photo.double()) / 65535).square().mean().clamp(min=1e-12)))
    print(f'{name}: {turned:.2%} of the white is black, others move by at most {others} of 65535; {dbs:.1f} dB')
    as_described &= (turned > 0.999 if name in ('to float32 and back', 'gamma 1', 'hue 0') else turned == 0) and others <= 8
eight = {str(t): int(F.to_dtype(torch.ones(1, dtype=t), torch.uint8, scale=True)) for t in (torch.float32, torch.float16, torch.bfloat16)}
print('1 as uint8:', eight, '; 1 of float32 as int16:', int(F.to_dtype(torch.ones(1), torch.int16, scale=True)))
as_described &= eight['torch.float32'] == 255 and float(burnt) > 0.05
print('white is black, as described' if as_described else 'the behaviour has changed')
sys.exit(not as_described)
PY
