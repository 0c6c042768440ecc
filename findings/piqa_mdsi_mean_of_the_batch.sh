#!/usr/bin/env bash
# piqa's MDSI takes its mean over the photos of the batch: a photo held against itself scores 0.44 beside one that lost its colour.
#
# MDSI (lower is better, 0 for equal photos) is the deviation of a similarity map from its own mean. In piqa the map is N x H x W, and that
# mean is over its rows and its photos where it should be over rows and columns: each column has a mean of its own, made of the same column of
# all photos. reduction='none' is documented as the vector of N scores, but each depends on its neighbours, without a word. As a loss, one
# photo's score pulls at the pixels of another; in a table, the scores change with what shares the batch. Alone, a perfect photo is rightly 0,
# but the others are off by a fiftieth, and a photo and the same photo on its side differ. piq's MDSI of the same photos does none of this,
# and piqa's with that mean over rows and columns is piq's. What helps: piq's.
#
# Seen:
#     piqa 1.3.2 piq 0.8.0 torch 2.14.1
#     itself, beside a blurred photo: piqa 0.2875 (alone 0.0000), piq 0.0000 (alone 0.0000)
#     itself, beside a colourless photo: piqa 0.4427 (alone 0.0000), piq 0.0000 (alone 0.0000)
#     blurred, beside a colourless photo: piqa 0.4479 (alone 0.3680), piq 0.3757 (alone 0.3757)
#     alone, on its side: piqa 0.3680, 0.3708, piq 0.3757, 0.3757
#
# Needs Python 3.11 or later, a package index and, on Linux, 8 GB of disk for PyTorch. Exit 0: the behaviour is as described; 1: it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q piqa==1.3.2 piq==0.8.0 torch==2.14.1 torchvision==0.29.1 scikit-image==0.26.0 scipy==1.17.1 numpy==2.4.6
cd "$folder"
env/bin/python - <<'PY'
import sys, warnings
warnings.simplefilter('ignore')
from importlib.metadata import version
import numpy as np, piq, piqa, torch
from scipy.ndimage import gaussian_filter
from skimage import data

print(*(f'{name} {version(name)}' for name in ('piqa', 'piq', 'torch')))
sharp = [photo[y:y + 256, x:x + 256] / 255 for photo, y, x in ((data.astronaut(), 0, 100), (data.coffee(), 50, 150))]
blurred = [gaussian_filter(photo, (1.5, 1.5, 0)) for photo in sharp]
colourless = sharp[1].mean(2, keepdims=True).repeat(3, 2)

def batch(*photos): return torch.tensor(np.stack(photos), dtype=torch.float32).permute(0, 3, 1, 2).contiguous()

metrics = {'piqa': piqa.MDSI(reduction='none'), 'piq': lambda x, y: piq.mdsi(x, y, reduction='none')}
cases = {'itself, beside itself': sharp, 'itself, beside a blurred photo': (sharp[0], blurred[1]),
         'itself, beside a colourless photo': (sharp[0], colourless), 'blurred, beside a blurred photo': blurred,
         'blurred, beside a colourless photo': (blurred[0], colourless)}
seen = {}
for case, photos in cases.items():
    for name, metric in metrics.items():
        together = float(metric(batch(*photos), batch(*sharp))[0])
        seen[case, name] = together, float(metric(batch(photos[0]), batch(sharp[0])))
    print(f'{case}:', ', '.join(f'{name} {seen[case, name][0]:.4f} (alone {seen[case, name][1]:.4f})' for name in metrics))

leaks = {}
for name, metric in metrics.items():
    pair = batch(*blurred).requires_grad_()
    metric(pair, batch(*sharp))[0].backward()
    leaks[name] = float(pair.grad[1].abs().sum() / pair.grad[0].abs().sum())
print('gradient of the first score at the second photo, parts of that at the first:', ', '.join(f'{n} {v:.3f}' for n, v in leaks.items()))

upright = [float(metric(batch(blurred[0]), batch(sharp[0]))) for metric in metrics.values()]
turned = [float(metric(batch(blurred[0].transpose(1, 0, 2)), batch(sharp[0].transpose(1, 0, 2)))) for metric in metrics.values()]
print('alone, on its side:', ', '.join(f'{name} {u:.4f}, {t:.4f}' for name, u, t in zip(metrics, upright, turned)))

as_described = all(abs(together - alone) < 1e-4 for (_, name), (together, alone) in seen.items() if name == 'piq') and leaks['piq'] == 0
perfect = [seen[case, 'piqa'] for case in cases if case.startswith('itself')]
as_described &= all(alone < 1e-6 for _, alone in perfect) and perfect[0][0] < 1e-6 and perfect[1][0] > 0.2 and perfect[2][0] > 0.4
as_described &= perfect[2][0] > seen['blurred, beside a blurred photo', 'piqa'][1] and leaks['piqa'] > 0.1
as_described &= abs(turned[0] - upright[0]) > 1e-3 and abs(turned[1] - upright[1]) < 1e-4 and abs(upright[0] / upright[1] - 1) < 0.03
print('the score depends on the batch, as described' if as_described else 'the behaviour has changed')
sys.exit(not as_described)
PY
