"""Measure the shipped weights on the sample photos again: `python data_samples/make_expected.py [FILE]` (default: expected.csv beside the weights).

The file is what tests/test_weights.py compares with: a change that moves a number there changed the weights, the network or a metric.
One row for each photo as it is blurred and as the network restored it; no number where a photo is too small for a metric.
"""
import csv, sys
from pathlib import Path

from deblur_nb.data import FolderPairs
from deblur_nb.evaluation import network
from deblur_nb.metrics import metrics, to_8bit
from deblur_nb.restore import pretrained
from deblur_nb.statistics import niqe, vif

SAMPLES, NAME = Path(__file__).parent, 'deblurgan-small'
MEASURES = {**metrics, 'vif': vif, 'niqe': lambda pred, target: niqe(pred)}

def score(measure, pred, target):
    "A number with six digits after the point, or '' where the photo is too small."
    try: return f'{measure(pred, target).item():.6f}'
    except ValueError as error:
        if 'smaller than' not in str(error): raise
        return ''

def measure(model=None):
    "A dict of photo, method and scores for each row."
    pairs, rows, restore = FolderPairs(SAMPLES), [], network(model or pretrained(NAME))
    for i, (blurred, sharp) in enumerate(pairs):
        blurred, sharp = blurred[None], sharp[None]
        for method, photo in {'blurred': blurred, 'restored': to_8bit(restore(blurred))}.items():
            rows.append(dict(photo=pairs.name(i), method=method) | {name: score(measure, photo, sharp) for name, measure in MEASURES.items()})
    return rows

def main(file):
    rows = measure()
    with open(file, 'w', newline='', encoding='utf-8') as out:
        writer = csv.DictWriter(out, list(rows[0]), lineterminator='\n')
        writer.writeheader()
        writer.writerows(rows)

if __name__ == '__main__': main(sys.argv[1] if len(sys.argv) > 1 else SAMPLES/'weights'/NAME/'expected.csv')
