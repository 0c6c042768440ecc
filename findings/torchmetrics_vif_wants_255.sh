#!/usr/bin/env bash
# torchmetrics' visual information fidelity (VIF) means photos in [0, 255], and ranks photos in [0, 1] otherwise.
#
# VIF compares a photo's variance with that of the visual noise, sigma_n_sq=2 by default, which belongs to values from 0 to 255. Neither the
# function nor the class has a data_range, their documentation names no range, and its example draws from randn. Photos in [0, 1], as PyTorch
# has them, pass: to that noise they are nearly flat, and the score hardly sees a visible noise. Here it prefers a noisy photo to a blurred
# one, and in [0, 255] the blurred to the noisy, as sewar's VIF does, on which it is modelled. SSIM of the same package finds the range by
# itself. What helps: multiply by 255, or pass sigma_n_sq=2/255**2.
#
# Needs Python 3.11 or later and a package index. Exit 0: the behaviour is as described; 1: it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q torchmetrics==1.9.0 torch==2.13.0 scikit-image==0.26.0 sewar==0.4.10 numpy==2.3.4
cd "$folder"
env/bin/python - <<'PY'
import sys
import numpy as np, sewar, torch, torchmetrics
from scipy.ndimage import gaussian_filter
from skimage import data
from torchmetrics.functional.image import structural_similarity_index_measure as ssim, visual_information_fidelity as vif

print('torchmetrics', torchmetrics.__version__, 'torch', torch.__version__)
sharp = data.camera()[100:356, 100:356]
noise = np.random.default_rng(0).normal(0, 10, sharp.shape)
photos = {'blurred': gaussian_filter(sharp, 1.2), 'noisy': (sharp + noise).clip(0, 255).round().astype(np.uint8)}

def tensor(photo, white): return torch.tensor(photo / 255 * white)[None, None]

rows = {}
for name, photo in photos.items():
    one, full = [(tensor(photo, white), tensor(sharp, white)) for white in (1, 255)]
    rows[name] = [float(score) for score in (vif(*one), vif(*full), vif(*one, sigma_n_sq=2/255**2), sewar.vifp(sharp, photo), ssim(*one), ssim(*full))]
    print(f'{name:8s} VIF in [0, 1] {{:.3f}}, in [0, 255] {{:.3f}}, in [0, 1] with 2/255**2 {{:.3f}}, of sewar {{:.3f}}; SSIM {{:.3f}} and {{:.3f}}'.format(*rows[name]))
blurred, noisy = rows.values()
agree = all(np.ptp(row[1:4]) < 0.01 and abs(row[4] - row[5]) < 1e-4 for row in rows.values())
as_described = agree and noisy[0] > 0.95 and noisy[0] > blurred[0] + 0.1 and blurred[1] > noisy[1] + 0.01
print('the range of the photos turns the ranking, as described' if as_described else 'the behaviour has changed')
sys.exit(not as_described)
PY
