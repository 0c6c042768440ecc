#!/usr/bin/env bash
# deepinv's Scale tears a photo that is not square: scaled by 1, its pixels come from places a third of the photo away.
#
# The transform makes a photo smaller or larger around a random centre: for equivariant imaging, whose EILoss trains a deblurring network without
# sharp photos, and for its augmentation. It asks for any (B, C, H, W). The coordinates that it samples are made W x H and then viewed as H x W, not
# transposed: rows of the one are cut up into rows of the other. Of a square photo nothing is seen of it; of any other the result is a patchwork in
# which no object is left, with every factor, mode and padding, and there is no error. Here each pixel tells where it came from, and the result
# is held against the same sampling with the axes in order, which of square photos agrees to rounding, and against the photo on its side, which
# should come out on its side. Besides, square photos scaled by 1 are moved too, by up to a pixel at the right and at the bottom: the grid ends
# at 1 - 2 / W and is sampled as if it ended at 1. (No issue of it was found.)
# What helps: square crops.
#
# Seen:
#     deepinv 0.5.0 torch 2.14.1+cu130
#     512 x 512, scaled by 1: pixels come from 0.8 pixels away in the mean and 1.4 at most
#         by 0.75 around (0.3, 0.6): with the axes in order the same, on its side the same
#         by 0.5 around (0.5, 0.5): with the axes in order the same, on its side the same
#         scaled by 1, held against the photo itself: deepinv 26.5 dB, with the axes in order 26.5 dB; a level grey 9.9 dB
#     384 x 384, scaled by 1: pixels come from 0.8 pixels away in the mean and 1.4 at most
#         by 0.75 around (0.3, 0.6): with the axes in order the same, on its side the same
#         by 0.5 around (0.5, 0.5): with the axes in order the same, on its side the same
#         scaled by 1, held against the photo itself: deepinv 26.2 dB, with the axes in order 26.2 dB; a level grey 10.7 dB
#     384 x 512, scaled by 1: pixels come from 163.4 pixels away in the mean and 384.0 at most
#         by 0.75 around (0.3, 0.6): with the axes in order 8.0 dB, on its side 7.4 dB
#         by 0.5 around (0.5, 0.5): with the axes in order 8.3 dB, on its side 7.6 dB
#         scaled by 1, held against the photo itself: deepinv 8.5 dB, with the axes in order 27.1 dB; a level grey 10.4 dB
#     512 x 384, scaled by 1: pixels come from 122.5 pixels away in the mean and 288.0 at most
#         by 0.75 around (0.3, 0.6): with the axes in order 8.3 dB, on its side 7.2 dB
#         by 0.5 around (0.5, 0.5): with the axes in order 8.5 dB, on its side 7.6 dB
#         scaled by 1, held against the photo itself: deepinv 8.6 dB, with the axes in order 25.4 dB; a level grey 10.2 dB
#     500 x 512, scaled by 1: pixels come from 170.5 pixels away in the mean and 508.0 at most
#         by 0.75 around (0.3, 0.6): with the axes in order 8.1 dB, on its side 7.3 dB
#         by 0.5 around (0.5, 0.5): with the axes in order 8.2 dB, on its side 7.1 dB
#         scaled by 1, held against the photo itself: deepinv 8.1 dB, with the axes in order 26.5 dB; a level grey 10.0 dB
#     384 x 512, by 0.75, {'padding_mode': 'zeros'}: with the axes in order 7.8 dB
#     384 x 512, by 0.75, {'padding_mode': 'border'}: with the axes in order 8.5 dB
#     384 x 512, by 0.75, {'mode': 'nearest'}: with the axes in order 8.0 dB
#
# Needs Python 3.11 or later, a package index and, on Linux, 8 GB of disk for PyTorch. Exit 0: the behaviour is as described; 1: it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q deepinv==0.5.0 torch==2.14.1 torchvision==0.29.1 scikit-image==0.26.0 numpy==2.4.6
cd "$folder"
env/bin/python - <<'PY'
import sys, warnings
import deepinv, torch
from deepinv.transform import Scale
from skimage import data
from torch.nn.functional import grid_sample

warnings.simplefilter('ignore') # of torch.meshgrid's
print('deepinv', deepinv.__version__, 'torch', torch.__version__)
photo = torch.tensor(data.astronaut() / 255).permute(2, 0, 1)[None]

def places(height, width): return torch.stack(torch.meshgrid(torch.arange(height), torch.arange(width), indexing='ij'))[None].double()
def db(x, y): return float(-10 * (x - y).square().mean().log10())
def close(x, y): return 'the same' if torch.allclose(x, y, atol=1e-5) else f'{db(x, y):.1f} dB'
def scaled(x, factor, centre, **how): return Scale(**how).transform(x, factor=torch.tensor([factor]), center=torch.tensor([centre]))

def in_order(x, factor, centre, mode='bicubic', padding_mode='reflection'): # the same grid, rows first
    middle = 2 * torch.tensor(centre).double() - 1
    rows, columns = [2 / n * torch.arange(n).double() - 1 for n in x.shape[2:]]
    grid = torch.stack([columns.expand(len(rows), -1), rows[:, None].expand(-1, len(columns))], -1)[None]
    return grid_sample(x, (grid - middle) / factor + middle, mode=mode, padding_mode=padding_mode, align_corners=True)

def on_its_side(x, factor, centre): return scaled(x.mT, factor, centre[::-1]).mT

as_described = True
for height, width in ((512, 512), (384, 384), (384, 512), (512, 384), (500, 512)):
    x = photo[..., :height, :width]
    moved = (scaled(places(height, width), 1., (0.5, 0.5), mode='bilinear') - places(height, width)).norm(dim=1)
    far = float((moved > 50).double().mean())
    print(f'{height} x {width}, scaled by 1: pixels come from {float(moved.mean()):.1f} pixels away in the mean and {float(moved.max()):.1f} at most')
    as_described &= float(moved.max()) < 1.42 and float(moved.max()) > 1.3 if height == width else far > 0.5
    for factor, centre in ((0.75, (0.3, 0.6)), (0.5, (0.5, 0.5))):
        own, right, side = [scale(x, factor, centre) for scale in (scaled, in_order, on_its_side)]
        print(f'    by {factor} around {centre}: with the axes in order {close(own, right)}, on its side {close(own, side)}')
        same = torch.allclose(own, right, atol=1e-5) and torch.allclose(own, side, atol=1e-5)
        as_described &= same if height == width else db(own, right) < 15 and db(own, side) < 15
    as_described &= db(in_order(x, 1., (0.5, 0.5)), x) > 20
    print(f'    scaled by 1, held against the photo itself: deepinv {db(scaled(x, 1., (0.5, 0.5)), x):.1f} dB, with the axes in order '
          f'{db(in_order(x, 1., (0.5, 0.5)), x):.1f} dB; a level grey {db(x.mean(), x):.1f} dB')
for how in ({'padding_mode': 'zeros'}, {'padding_mode': 'border'}, {'mode': 'nearest'}):
    x = photo[..., :384, :]
    score = db(scaled(x, 0.75, (0.3, 0.6), **how), in_order(x, 0.75, (0.3, 0.6), **how))
    print(f'384 x 512, by 0.75, {how}: with the axes in order {score:.1f} dB')
    as_described &= score < 15
print('what is not square is torn, as described' if as_described else 'the behaviour has changed')
sys.exit(not as_described)
PY
