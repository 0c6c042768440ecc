#!/usr/bin/env bash
# deepinv's GMSD is 1.7 to 5 times that of the paper it names, and prefers a blurred photo to a noisy one where the paper's does not.
#
# The gradient magnitude similarity deviation (lower is better) is documented as the one of Xue et al., with their constant of 170 for photos
# in [0, 255]. Their section III-B first averages both photos over 2 x 2 pixels and takes every second row and column; piq and piqa do so.
# deepinv takes the gradients at full size, which no argument changes and nothing says. Noise, which the mean of four pixels halves,
# then weighs more against blur: of two restorations, one a bit soft and one a bit noisy, the other wins, and no score compares with
# a published one. Here the paper's steps are written out in NumPy: with the halving they agree with piq's and piqa's GMSD, without it with
# deepinv's. What helps: GMSD()(avg_pool2d(x_net, 2), avg_pool2d(x, 2)) of grey photos (of colours deepinv takes the mean of three scores, as
# it says, where piq and piqa take the score of the grey photo).
#
# Seen:
#     deepinv 0.5.0 piq 0.8.0 piqa 1.3.2 torch 2.14.1+cu130
#     grey astronaut, blurred, sigma 1: deepinv 0.0844, the paper without halving 0.0843; deepinv of halved grey 0.0365, the paper 0.0364, piq 0.0360, piqa 0.0360
#     grey astronaut, noisy, 6.5 of 255: deepinv 0.1017, the paper without halving 0.1014; deepinv of halved grey 0.0308, the paper 0.0307, piq 0.0302, piqa 0.0302
#     grey astronaut, blurred, sigma 1.5: deepinv 0.1305, the paper without halving 0.1303; deepinv of halved grey 0.0755, the paper 0.0754, piq 0.0749, piqa 0.0749
#     grey astronaut, noisy, 10 of 255: deepinv 0.1650, the paper without halving 0.1647; deepinv of halved grey 0.0621, the paper 0.0619, piq 0.0610, piqa 0.0610
#     astronaut, blurred, sigma 1: deepinv 0.0855, the paper without halving 0.0854; deepinv of halved grey 0.0365, the paper 0.0364, piq 0.0360, piqa 0.0360
#     astronaut, noisy, 10 of 255: deepinv 0.1600, the paper without halving 0.1597; deepinv of halved grey 0.0325, the paper 0.0324, piq 0.0318, piqa 0.0318
#     astronaut, blurred, sigma 1.5: deepinv 0.1309, the paper without halving 0.1307; deepinv of halved grey 0.0755, the paper 0.0754, piq 0.0749, piqa 0.0749
#     astronaut, noisy, 15 of 255: deepinv 0.2209, the paper without halving 0.2206; deepinv of halved grey 0.0620, the paper 0.0618, piq 0.0609, piqa 0.0609
#     coffee, blurred, sigma 1: deepinv 0.1196, the paper without halving 0.1194; deepinv of halved grey 0.0366, the paper 0.0365, piq 0.0355, piqa 0.0355
#     coffee, noisy, 10 of 255: deepinv 0.1600, the paper without halving 0.1597; deepinv of halved grey 0.0337, the paper 0.0336, piq 0.0330, piqa 0.0330
#     coffee, blurred, sigma 1.5: deepinv 0.1758, the paper without halving 0.1756; deepinv of halved grey 0.0743, the paper 0.0742, piq 0.0724, piqa 0.0724
#     coffee, noisy, 15 of 255: deepinv 0.2176, the paper without halving 0.2173; deepinv of halved grey 0.0636, the paper 0.0634, piq 0.0625, piqa 0.0625
#
# Needs Python 3.11 or later, a package index and, on Linux, 8 GB of disk for PyTorch. Exit 0: the behaviour is as described; 1: it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q deepinv==0.5.0 piq==0.8.0 piqa==1.3.2 torch==2.14.1 torchvision==0.29.1 scikit-image==0.26.0 scipy==1.17.1
cd "$folder"
env/bin/python -W ignore - <<'PY'
import sys
from importlib.metadata import version
import deepinv, numpy as np, piq, torch
from deepinv.loss.metric import GMSD
from piqa.gmsd import GMSD as PiqaGMSD
from scipy.ndimage import correlate, gaussian_filter
from skimage import data

print('deepinv', deepinv.__version__, 'piq', piq.__version__, 'piqa', version('piqa'), 'torch', torch.__version__)
prewitt = np.array([[1, 0, -1]] * 3) / 3

def paper(x, y): # from the gradients on, of channels x rows x columns in [0, 255]: the mean of the channels' scores
    x, y = [np.hypot(correlate(255 * photo, prewitt[None]), correlate(255 * photo, prewitt.T[None])) for photo in (x, y)]
    return float(((2 * x * y + 170) / (x**2 + y**2 + 170)).std((1, 2)).mean())

def grey(photo): return np.tensordot([0.299, 0.587, 0.114], photo, 1)[None] if len(photo) == 3 else photo
def halved(photo): return photo.reshape(len(photo), photo.shape[1] // 2, 2, -1, 2).mean((2, 4))
def tensor(photo): return torch.tensor(photo, dtype=torch.float32)[None]

astronaut, coffee = [np.moveaxis(photo[:384, :512] / 255, 2, 0) for photo in (data.astronaut(), data.coffee())]
as_described, rng = True, np.random.default_rng(0)
photos = {'grey astronaut': (grey(astronaut), 6.5, 10), 'astronaut': (astronaut, 10, 15), 'coffee': (coffee, 10, 15)} # and two noises
for name, (sharp, little, much) in photos.items():
    noise = rng.normal(0, 1 / 255, sharp.shape)
    worse = {'blurred, sigma 1': gaussian_filter(sharp, (0, 1, 1)), f'noisy, {little} of 255': sharp + little * noise,
             'blurred, sigma 1.5': gaussian_filter(sharp, (0, 1.5, 1.5)), f'noisy, {much} of 255': sharp + much * noise}
    rows = []
    for kind, photo in worse.items():
        pair = photo.clip(0, 1), sharp
        small, three = [halved(grey(p)) for p in pair], [p.repeat(3 // len(p), 0) for p in pair] # piqa's takes three channels only
        whole, small, three = [[tensor(p) for p in two] for two in (pair, small, three)]
        by_deepinv = GMSD()(*whole).item(), paper(*pair), GMSD()(*small).item()
        rows.append([*by_deepinv, paper(*[halved(grey(p)) for p in pair]), piq.gmsd(*whole).item(), PiqaGMSD()(*three).item()])
        print(f'{name}, {kind}: deepinv {{:.4f}}, the paper without halving {{:.4f}}; deepinv of halved grey {{:.4f}}, '
              'the paper {:.4f}, piq {:.4f}, piqa {:.4f}'.format(*rows[-1]))
    own, without, helped, right, *others = np.array(rows).T
    as_described &= np.allclose(own, without, rtol=0.01) and np.allclose([helped, *others], right, rtol=0.03) and np.all(own > 1.5 * right)
    as_described &= bool(np.all(own[::2] < 0.95 * own[1::2]) and np.all(right[::2] > 1.05 * right[1::2])) # the blurred wins, the noisy should
print('the photos are not halved, as described' if as_described else 'the behaviour has changed')
sys.exit(not as_described)
PY
