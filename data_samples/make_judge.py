"""Train the judge of `deblur-photo` (data_samples/judge/judge.safetensors) on your own photos:

    python data_samples/make_judge.py OUT PHOTOS --pairs PAIRS [PAIRS ...]

PHOTOS is a folder of sharp photos, each PAIRS a folder with blur/ and sharp/, best of real motion; beside them stand pictures of lights
in the dark, which are made here, and photos as they came. What was measured is kept in
OUT/examples*.jsonl, one line an example; a second call goes on where the first one stopped. Several calls may measure side by side:
--part 1/2 and --part 2/2; then one without --part trains. A quarter of an hour by two processes for 750 examples; --draws 3 measures
three times as many, and the judge is the better for it. With --shake the judges of the shake learn from other examples as well, such as those
of an earlier search; with --known the shake's half of examples that were measured before is taken over, which is most of the time (the
product of both changes is lost by that): for another network."""
import argparse, gzip, json
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from tqdm import tqdm
from deblur_nb.data import BlurredPairs, FolderPairs
from deblur_nb.evaluation import choices, judged_example, judging_pairs, train_judges
from deblur_nb.photos import list_photos
from deblur_nb.restore import pretrained, save_judges


def night(side, rng):
    """A picture (3, side, side) in [-1, 1] of lights in the dark: discs and glows whose sizes and strengths follow power laws, over a dim
    sky with some noise. Hardly a photo is shaken as often as one at night, and hardly one of the photos was taken at night."""
    y, x = np.mgrid[:side, :side]/side
    light = np.tile((rng.uniform(0, .15) + rng.uniform(-.1, .1)*x + rng.uniform(-.1, .1)*y + rng.normal(0, .004, x.shape)).clip(0, 1), (3, 1, 1))
    for _ in range(int(np.exp(rng.uniform(np.log(80), np.log(600))))):
        down, right = rng.uniform(0, side, 2)
        radius, strength, colour = min(.6*rng.random()**-.5, side/12), min(.1*rng.random()**-.7, 3), rng.uniform(.5, 1, (3, 1, 1))
        rows, columns = (slice(max(0, int(m - 4*radius - 2)), int(m + 4*radius + 3)) for m in (down, right))
        away = np.hypot(side*y[rows, columns] - down, side*x[rows, columns] - right)
        shape = np.exp(-(away/radius)**2/2) if rng.random() < .7 else np.clip(radius + .5 - away, 0, 1)
        light[:, rows, columns] += strength*colour*shape
    return torch.from_numpy(light.clip(0, 1)**(1/rng.choice([1, 2.2]))*2 - 1).float()


def lights(first, count, draw=0):
    "As `sources`, the examples of night; their numbers begin with `first`."
    rng = np.random.default_rng(5 + 100*draw)
    pictures = [night(480, rng) for _ in range(16)]
    made = {crop: judging_pairs(pictures, crop, items=count, seed=11 + 100*draw) for crop in (224, 320, 400)}
    cycle = ['short']*4 + ['long']*3 + ['turning', 'object', 'sharp', 'sharp']
    for i in range(count): yield first + i, 'night', made[(224, 320, 400)[i % 3]][cycle[i*7 % len(cycle)]], i


def untouched(first, photos, count, draw=0):
    "As `sources`, sharp photos just as they are, without a camera's noise: there a judge can only do harm."
    large = [path for path in list_photos(photos) if min(Image.open(path).size) >= 320]
    made = BlurredPairs(large, torch.ones(1, 1, 1), crop=320, items=count, seed=13 + 100*draw, train=False)
    for i in range(count): yield first + i, 'untouched', made, i


def sources(photos, pairs, count, draw=0):
    "(number, kind, pairs, which of them) of all examples of a draw, in a fixed order, each made when it is asked for."
    sizes = {path: min(Image.open(path).size) for path in list_photos(photos)}
    made = {crop: judging_pairs([path for path, side in sizes.items() if side >= crop], crop, items=count, seed=100*draw) for crop in (224, 320, 400)}
    shares = dict(short=4, long=3, turning=3, object=2, defocus=1, sharp=3)
    cycle = [kind for kind, share in shares.items() for _ in range(share)]
    real = [(folder, i) for folder in map(FolderPairs, pairs) for i in range(len(folder))]
    for i in range(count):
        if real and i % 5 == 4: yield i, 'real', *real[(i + draw*count)*7 % len(real)]
        else: yield i, (kind := cycle[i*7 % len(cycle)]), made[(224, 320, 400)[i % 3]][kind], i


def read(path):
    "The rows of a packed file of examples."
    with gzip.open(path, 'rt') as lines: return [json.loads(line) for line in lines]


def every_example(photos, pairs, count, draws):
    "The examples of all draws; each has numbers of its own."
    for draw in range(draws):
        for number, kind, where, item in (*sources(photos, pairs, count, draw), *lights(10**6, count//12, draw),
                                          *untouched(2*10**6, photos, count//6, draw)):
            yield number + 10**4*draw, kind, where, item


def measure(out, photos, pairs, *, count, draws, part, known=None):
    "Measure the examples of a part that are not in its file yet; of what is `known` only the network's half."
    known = {row['i']: row['example'] for row in read(known)} if known else {}
    number, parts = map(int, part.split('/'))
    file, network = out/f'examples-{number}-{parts}.jsonl', pretrained().eval()
    done = {json.loads(line)['i'] for line in file.read_text().splitlines()} if file.exists() else set()
    todo = [one for one in every_example(photos, pairs, count, draws) if one[0] % parts == number - 1 and one[0] not in done]
    with open(file, 'a') as lines:
        for i, kind, where, item in tqdm(todo):
            example = judged_example(*(side[None] for side in where[item]), network, reach=0 if kind == 'real' else 4, shake=i not in known)
            example |= {name: half for name, half in known.get(i, {}).items() if name == 'shake'}
            lines.write(json.dumps(dict(i=i, kind=kind, example=example)) + '\n')
            lines.flush()


def shorter(example):
    "The same with five digits."
    short = {name: ({key: float(f'{value:.5g}') for key, value in one[0].items()}, round(one[1], 3)) for name, one in example.items() if name != 'together'}
    return short | ({'together': float(f"{example['together']:.5g}")} if 'together' in example else {})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('out', type=Path)
    parser.add_argument('photos', type=Path)
    parser.add_argument('--pairs', type=Path, nargs='*', default=[])
    parser.add_argument('--count', type=int, default=600, help='examples of a draw, beside a quarter as many of lights and untouched photos; another number makes others')
    parser.add_argument('--draws', type=int, default=1, help='how often so many are drawn, each time others')
    parser.add_argument('--shake', type=Path, help='more examples for the judges of the shake, such as data_samples/judge/examples-shake.jsonl.gz')
    parser.add_argument('--known', type=Path, help='examples of the same photos and pairs, such as data_samples/judge/examples.jsonl.gz')
    parser.add_argument('--part', help='only measure this part of the examples, such as 1/2')
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    if args.part: return measure(args.out, args.photos, args.pairs, count=args.count, draws=args.draws, part=args.part, known=args.known)
    if not list(args.out.glob('examples*.jsonl')): measure(args.out, args.photos, args.pairs, count=args.count, draws=args.draws, part='1/1', known=args.known)
    rows = [json.loads(line) for file in sorted(args.out.glob('examples*.jsonl')) for line in file.read_text().splitlines()]
    examples, kinds = [row['example'] for row in rows], [row['kind'] for row in rows]
    held = [row['i'] % 7 == 0 for row in rows] # every seventh is kept apart, to see how the judge does; then all are learned from
    judges = train_judges([e for e, apart in zip(examples, held) if not apart])
    test = choices([e for e, apart in zip(examples, held) if apart], judges, [k for k, apart in zip(kinds, held) if apart])
    print(test.groupby('kind')[['gained', 'possible']].agg(['mean', 'min', 'count']).round(2).to_string())
    print(f'all {len(test)}: {test.gained.mean():+.2f} dB of {test.possible.mean():+.2f}; '
          f'made worse by more than 0.3 dB: {(test.gained < -.3).sum()}')
    judges = train_judges(examples)
    if args.shake:
        more = train_judges(examples + [row['example'] for row in read(args.shake)])
        judges |= {name: judge for name, judge in more.items() if 'shake' in name}
    save_judges(judges, args.out/'judge.safetensors')
    with gzip.open(args.out/'examples.jsonl.gz', 'wt') as lines: # the numbers, shorter
        for row in rows: lines.write(json.dumps(dict(i=row['i'], kind=row['kind'], example=shorter(row['example']))) + '\n')


if __name__ == '__main__': main()
