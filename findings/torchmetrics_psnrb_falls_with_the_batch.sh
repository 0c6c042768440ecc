#!/usr/bin/env bash
# torchmetrics' PSNR with blocked effect (PSNRB) falls with every photo that is measured: 32 copies of a photo score 12 dB below one.
#
# PSNRB adds to the mean squared error what JPEG's blocks add to the steps at their borders. The error is divided by the pixels of all photos;
# the blocks' effect is summed over them and divided by one photo's. So a batch of 32 is charged it 32 times, and the class adds up the
# batches' effects and divides by nothing: the more photos, the worse the score. It hides where photos show no blocks, and PSNR of the same
# package, of the same photos, stays. The documentation promises an aggregated value for (N, 1, H, W), and its examples have N = 1 and 2.
# What helps: one call of the function for each photo, and the mean of those; of one photo it agrees with sewar's.
#
# Needs Python 3.11 or later, a package index and, on Linux, 8 GB of disk for PyTorch. Exit 0: the behaviour is as described; 1: it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q torchmetrics==1.9.0 torch==2.14.1 scikit-image==0.26.0 sewar==0.4.10 numpy==2.3.4
cd "$folder"
env/bin/python - <<'PY'
import io, sys
import numpy as np, sewar, torch, torchmetrics
from PIL import Image
from skimage import data
from torchmetrics.functional.image import peak_signal_noise_ratio as psnr, peak_signal_noise_ratio_with_blocked_effect as psnrb
from torchmetrics.image import PeakSignalNoiseRatioWithBlockedEffect

print('torchmetrics', torchmetrics.__version__, 'torch', torch.__version__)
sharp = data.camera()[100:356, 100:356]

def jpeg(quality):
    file = io.BytesIO()
    Image.fromarray(sharp).save(file, 'JPEG', quality=quality)
    return np.asarray(Image.open(file))

def copies(photo, n): return torch.tensor(photo / 255, dtype=torch.float32)[None, None].repeat(n, 1, 1, 1)

def one_by_one(a, b): # by the class, a photo at a time
    metric = PeakSignalNoiseRatioWithBlockedEffect(data_range=1.)
    for x, y in zip(a.split(1), b.split(1)): metric.update(x, y)
    return float(metric.compute())

as_described, counts = True, (1, 2, 8, 32)
for quality in (10, 30, 75):
    photo = jpeg(quality)
    pairs = [(copies(photo, n), copies(sharp, n)) for n in counts]
    plain, batch = [[float(f(*pair, data_range=1.)) for pair in pairs] for f in (psnr, psnrb)]
    classes, other = [one_by_one(*pair) for pair in pairs], sewar.psnrb(sharp, photo)
    print(f'JPEG of quality {quality}: {", ".join(map(str, counts))} copies; sewar: PSNRB {other:.2f} dB')
    for name, dbs in {'PSNR': plain, 'PSNRB, one batch': batch, 'PSNRB, the class, one by one': classes}.items():
        print(f'  {name}:', ' '.join(f'{db:.2f}' for db in dbs), 'dB')
    effect = [10**(-db/10) - 10**(-plain[0]/10) for db in batch] # what is added to the mean squared error
    as_described &= np.ptp(plain) < 1e-3 and np.allclose(batch, classes, atol=1e-2) and abs(batch[0] - other) < 0.05
    as_described &= np.allclose(np.divide(effect, effect[0]), counts, rtol=0.01) and batch[0] - batch[-1] > 10
print('every photo is charged the blocks of all, as described' if as_described else 'the behaviour has changed')
sys.exit(not as_described)
PY
