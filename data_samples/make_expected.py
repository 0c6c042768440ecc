"""Measure the shipped weights on the sample photos again: `python data_samples/make_expected.py [NAME ...]` (default: all of them).

Writes expected.csv beside the weights, which tests/test_weights.py compares with: a change that moves a number there changed the weights, the network or a metric.
One row for each photo as it is blurred and as the network restored it; no number where a photo is too small for a metric.
"""
import csv, functools, sys
from pathlib import Path

from deblur_nb.data import FolderPairs
from deblur_nb.evaluation import network
from deblur_nb.metrics import choose_metrics, to_8bit
from deblur_nb.restore import fast, pretrained

SAMPLES = Path(__file__).parent
MEASURES = choose_metrics('psnr,ssim_gauss,ssim_matlab3d,ssim_cw,ms_ssim,vif_pixel,vif,niqe')

def score(measure, pred, target):
    "A number with six digits after the point, or '' where the photo is too small."
    try: return f'{measure(pred, target).item():.6f}'
    except ValueError as error:
        if 'smaller than' not in str(error): raise
        return ''

def scores(pred, target): return {key: score(metric, pred, target) for key, metric in MEASURES.items()}

@functools.cache
def blurred_scores(i): return scores(*(photo[None] for photo in FolderPairs(SAMPLES)[i])) # the same for every network

def measure(name):
    "A dict of photo, method and scores for each row."
    pairs, rows, restore = FolderPairs(SAMPLES), [], network(fast(pretrained(name), 'float32')) # as restore_photo does it
    for i, (blurred, sharp) in enumerate(pairs):
        rows.append(dict(photo=pairs.name(i), method='blurred') | blurred_scores(i))
        rows.append(dict(photo=pairs.name(i), method='restored') | scores(to_8bit(restore(blurred[None])), sharp[None]))
    return rows

def main(names):
    for name in names or sorted(folder.name for folder in (SAMPLES/'weights').iterdir()):
        rows = measure(name)
        with open(SAMPLES/'weights'/name/'expected.csv', 'w', newline='', encoding='utf-8') as out:
            writer = csv.DictWriter(out, list(rows[0]), lineterminator='\n')
            writer.writeheader()
            writer.writerows(rows)

if __name__ == '__main__': main(sys.argv[1:])
