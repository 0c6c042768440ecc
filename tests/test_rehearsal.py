"""The papers' commands, as `deblur-train --help` gives them, on made-up trees in the layouts in which the data sets are published. First whole, but only counted: each number is that
of a sentence of its paper. Then with tiny numbers, really trained: which photos are touched, what the crops are cut from, the kernels, the turns and the rates of every step."""
import os, re
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

import deblur_nb.cli.training as training
import deblur_nb.data.pairs as pairs
from deblur_nb.cli import train_command
from deblur_nb.training.adversarial import Adversarial
from deblur_nb.training.plan import kernel_sides
from deblur_nb.training.watching import StopOnNaN

pytestmark = pytest.mark.long
SEQUENCES, TESTS = 22, 11 # of GoPro

def commands():
    "{name of the run: words of its command}, from the help."
    lines = re.findall(r'^  deblur-train (.* --profile paper .*)$', training._papers, re.M)
    return {line.split()[-1].removeprefix('runs/'): line.split() for line in lines if '--layout' in line}

def command(name, top, out, *more):
    "A paper's command with its folders below `top`."
    places = {folder: str(top/folder) for folder in ('GoPro', 'GoPro_all', 'COCO')} | {'comb:GoPro': f"comb:{top/'GoPro'}", f'runs/{name}': str(out)}
    return [*(places.get(word, word) for word in commands()[name]), *map(str, more)]

def settings(**numbers): return [word for name, value in numbers.items() for word in ('--set', f'{name}={value}')]

def photo_at(path, size, seed=None):
    "A photo that is all grey, or one that its seed makes."
    path.parent.mkdir(parents=True, exist_ok=True)
    if seed is None: return Image.new('RGB', size, 'grey').save(path)
    small = np.random.default_rng(seed).integers(0, 256, (4, 4, 3), dtype=np.uint8)
    Image.fromarray(small).resize(size).save(path)

def link(photo, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    os.link(photo, path)

def shared_out(count, parts): return [count//parts + (part < count % parts) for part in range(parts)]

# counted

@pytest.fixture(scope='module')
def published(tmp_path_factory):
    "GoPro, all frames of GoPro, and COCO, with as many photos as they have, or as a paper takes: one photo under many names."
    top = tmp_path_factory.mktemp('published')
    for name, size in (('large.png', (1280, 720)), ('photo.jpg', (640, 480)), ('small.jpg', (640, 240))): photo_at(top/name, size)
    for split, count, sequences in (('train', 2103, SEQUENCES), ('test', 1111, TESTS)):
        for sequence, frames in enumerate(shared_out(count, sequences)):
            for side in ('blur', 'sharp'):
                for frame in range(frames): link(top/'large.png', top/f'GoPro/{split}/GOPR{sequence:04}_11_00/{side}/{frame:06}.png')
    for split, count, sequences in (('train', 10_150, SEQUENCES), ('test', 300, TESTS)):
        for sequence, frames in enumerate(shared_out(count, sequences)):
            for frame in range(frames): link(top/'large.png', top/f'GoPro_all/{split}/GOPR{sequence:04}_11_00/{frame:06}.png')
    for i in range(2230): link(top/('photo.jpg' if i % 100 else 'small.jpg'), top/f'COCO/train2017/{i:012}.jpg')
    return top

@pytest.fixture
def planned(published, tmp_path):
    "A function that counts a paper's training."
    def plan(name):
        run = training._run_of(training._parser().parse_args(command(name, published, tmp_path/'run')))
        found = run.plan(steps=0)
        assert not (tmp_path/'run').exists() and found.timed == 0
        return found
    return plan

def sums(plan):
    sizes = plan.run.sizes
    return SimpleNamespace(photos=plan.photos, steps=plan.steps, total=plan.total, turns=plan.turns, epochs=(sizes.epochs, sizes.decay_epochs),
                           batch=sizes.batch_size, crop=sizes.crop, resize=sizes.resize, turned=sizes.augment, again=sizes.replacement)

def test_the_help_has_a_command_for_each_paper(): assert list(commands()) == ['wild', 'synth', 'comb', 'cycle', 'structure', 'multitask', 'light']

def test_deblurgan_wild(planned):
    """ "trained on a random crops of size 256x256 from 1000 GoPro training dataset images downscaled by a factor of two"; "5 gradient descent steps on D, then one step on G"; "initially to
    10^-4 for both generator and critic. After the first 150 epochs we linearly decay the rate to zero over the next 150"; "batch size = 1" (section 5)."""
    plan = planned('wild')
    assert sums(plan) == SimpleNamespace(photos=1000, steps=1000, total=300*1000, turns=5, epochs=(150, 150), batch=1, crop=256, resize=None, turned=False, again=False)
    for player in ('generator', 'critic'): assert plan.rates[player] == pytest.approx((1e-4, 1e-4, 1e-4/150_000))
    assert plan.kernels is None and plan.valid == 100 and plan.scenes == TESTS # of all scenes of the test set
    assert plan.parameters == dict(generator=11_378_179, critic=2_764_737)
    assert [sentence[:20] for sentence in plan.departs] == ['the content loss is ', 'photos are restored ']

def test_deblurgan_synth(planned):
    '"256x256 patches from MS COCO dataset blurred by method, presented in previous Section": Algorithm 1, M = 2000, L_max = 60, of its own size.'
    plan = planned('synth')
    assert (plan.left_out, plan.photos, plan.steps, plan.total) == (23, 2230 - 23 - 100, 1000, 300_000) # 23 are lower than a crop, 100 are held out
    words, (low, median, high) = plan.kernels
    assert 'printed, of its own size' in words and 48 <= median <= 58 and high <= 62 # strokes of 60 pixels, more or less bent
    assert len(plan.departs) == 2

def test_deblurgan_comb(planned):
    '"the ratio of synthetically generated images to the images taken by a high frame-rate camera is 2:1".'
    plan = planned('comb')
    train = plan.run.pairs(lambda sentence: None)[0]
    assert [len(part.photos if hasattr(part, 'photos') else part.sharp) for part in train.given] == [2000, 1000]
    assert [part.items for part in train.parts] == [2000, 1000] and (plan.photos, plan.steps, plan.total) == (3000, 3000, 900_000)
    assert train.parts[1].sharp.shrink == 2 and train.parts[0].kernels.extent is None and len(plan.departs) == 2

def test_cycle(planned):
    """ "10,100 images and resize each of them to 256x256, applied blur process proposed by Kupyn et al."; "10,000 images for training"; "batch size of 2, giving 50 epochs"; "10 steps on D_A
    and D_B, and then one step"; "learning rate of 2x10^-3 in the first 40 epochs, and then linearly decay the learning rate to zero" (section 4)."""
    plan = planned('cycle')
    assert sums(plan) == SimpleNamespace(photos=10_000, steps=10_000//2, total=50*5000, turns=10, epochs=(40, 10), batch=2, crop=256, resize=256, turned=False, again=False)
    for player in ('generator', 'critic'): assert plan.rates[player] == pytest.approx((2e-3, 2e-3, 2e-3/(10*5000)), rel=1e-2)
    assert 'printed, of its own size' in plan.kernels[0] and plan.valid == 100
    assert [sentence[:18] for sentence in plan.departs] == ['the content loss i', 'the first weights ']

def test_structure(planned):
    """ "2103 pairs"; "randomly cropped to 256x256"; "150 epochs in total. We set the generator and discriminator learning rates to 0.0001 and the batch size to 4"; "the generator is updated
    once, and the discriminator is upgraded 5 times" (section 4)."""
    plan = planned('structure')
    assert sums(plan) == SimpleNamespace(photos=2103, steps=2103//4, total=150*525, turns=5, epochs=(75, 75), batch=4, crop=256, resize=None, turned=False, again=False)
    assert plan.rates['generator'] == pytest.approx((1e-4, 1e-4, 1e-4/(75*525))) and plan.kernels is None
    assert any('at random' in sentence for sentence in plan.departs) and len(plan.departs) == 3

def test_multitask(planned):
    """ "a fixed value of 0.0001 for the discriminator and adapt an exponential decay strategy for the learning rate of the generator"; "the batch size is set to 1, and the input size of the
    image is 256*256" (section 4.2)."""
    plan = planned('multitask')
    assert sums(plan) == SimpleNamespace(photos=2103, steps=2103, total=300*2103, turns=5, epochs=(150, 150), batch=1, crop=256, resize=None, turned=False, again=False)
    assert plan.rates['critic'] == (1e-4,)*3 and plan.rates['generator'] == pytest.approx((1e-4, 1e-5, 1e-6), rel=1e-4)
    assert len(plan.departs) == 1 and 'Deep Photo Enhancer' in plan.departs[0]

def test_light(planned):
    """ "40 epochs, during which the data is organized with batch size 16. Both ... a constant learning rate of 0.005 ... until all the 500 input images have been utilized" (section 4.1)."""
    plan = planned('light')
    assert sums(plan) == SimpleNamespace(photos=500, steps=500//16, total=40*31, turns=1, epochs=(40, 0), batch=16, crop=256, resize=None, turned=False, again=False)
    assert plan.rates == dict(generator=(5e-3,)*3, critic=(5e-3,)*3) and [sentence[:18] for sentence in plan.departs] == ['the first weights ']

# trained

@pytest.fixture(scope='module')
def tiny(tmp_path_factory):
    "The same layouts with a few photos of 96 x 80 pixels, all different, and one of COCO that is too low."
    top, number = tmp_path_factory.mktemp('tiny'), 0
    for split, sequences in (('train', 'abcd'), ('test', 'x')):
        for sequence in sequences:
            for frame in range(3 if split == 'train' else 2):
                number += 1
                for side in ('blur', 'sharp'): photo_at(top/f'GoPro/{split}/{sequence}/{side}/{frame:06}.png', (96, 80), number)
                photo_at(top/f'GoPro_all/{split}/{sequence}/{frame:06}.png', (96, 80), number)
    for i in range(12): photo_at(top/f'COCO/train2017/{i:012}.jpg', (96, 80), 100 + i)
    photo_at(top/'COCO/train2017/000000000099.jpg', (96, 20))
    return top

@pytest.fixture
def watched(monkeypatch):
    "What a training does, step by step: photos drawn, what crops are cut from, turns, kernels, critic's turns, rates of both players."
    seen = SimpleNamespace(photos={}, sources=[], turned=0, kernels=[], critic=0, rates=[])
    def spy(owner, name, note):
        real = getattr(owner, name)
        def spied(*args, **how):
            found = real(*args, **how)
            note(found, *args, **how)
            return found
        monkeypatch.setattr(owner, name, spied)
    def drawn(found, self, i, count):
        if self.train: seen.photos[self.epoch, id(self), i] = found[0] # fastai looks at the first pair twice
    def cut(found, photo, crop, *args, rng=None, **how):
        if rng is not None: seen.sources.append((photo.shape[-1], photo.shape[-2], crop))
    def turned(found, rng=None): seen.turned += 1
    def blurred(found, photo, blur, *args, **how): seen.kernels.append(blur)
    def step(found, self):
        game = self.learn.adversarial
        seen.rates.append((self.learn.opt.hypers[-1]['lr'], *{opt.param_groups[0]['lr'] for opt in game.optimisers.values()}))
    spy(pairs._Items, '_choose', drawn), spy(pairs, 'random_window', cut), spy(pairs, 'random_turn', turned), spy(pairs, 'blurred_crop', blurred)
    spy(StopOnNaN, 'before_step', step), spy(Adversarial, 'critic_turn', lambda *_: setattr(seen, 'critic', seen.critic + 1))
    return seen

@pytest.fixture
def rehearsed(tiny, watched, tmp_path, capsys):
    "A function that runs a paper's command with tiny numbers; what was seen."
    def run(name, *more, **numbers):
        small = settings(width=2, blocks=1, critic_width=2, workers=0, crop=32, val_items=2, kernel_pool=20, **numbers)
        assert train_command(command(name, tiny, tmp_path/'run', '--vgg', 'random', '--device', 'cpu', *small, *more)) == 0
        watched.said = capsys.readouterr().err
        return watched
    return run

def photos_of(seen, epoch): return [number for (when, *_), number in seen.photos.items() if when == epoch]

def test_wild_is_trained_on_halved_photos_each_once(rehearsed):
    seen = rehearsed('wild', '--photos', 8, items=8, epochs=1, decay_epochs=1)
    assert len(seen.rates) == 2*8 and seen.critic == 5*16 # a step a pair, five turns of the critic in each
    assert [sorted(photos_of(seen, epoch)) for epoch in range(2)] == [list(range(8))]*2 # 8 of 12, each once in an epoch
    assert set(seen.sources) == {(48, 40, 32)} and not seen.turned and not seen.kernels # crops of photos of 96 x 80, halved; the blur is the data's
    for rates in zip(*seen.rates): assert (rates[0], rates[8], rates[12], rates[15]) == pytest.approx((1e-4, 1e-4, 1e-4/2, 1e-4/8)) # then to zero
    assert 'photos 8 (1000)' in seen.said and 'random VGG weights' in seen.said

def test_synth_is_blurred_by_walks_of_their_own_size(rehearsed):
    seen = rehearsed('synth', items=11, epochs=1, decay_epochs=0)
    assert sorted(photos_of(seen, 0)) == list(range(11)) # one of 12 is held out, and one is too low
    assert 'skipped: 000000000099' in seen.said and not seen.turned and {crop for *_, crop in seen.sources} == {32}
    sides = sorted(int(kernel_sides(kernel[None])) for kernel in seen.kernels)
    assert {len(kernel) for kernel in seen.kernels} == {81} and sides[len(sides)//2] > 40 and 'kernel_extent' not in seen.said

def test_comb_deals_two_to_one(rehearsed):
    seen = rehearsed('comb', '--photos', 9, items=9, epochs=1, decay_epochs=0)
    assert [crop[:2] for crop in seen.sources].count((48, 40)) == 3 and len(seen.rates) == 9 # three of GoPro, halved
    assert sorted(photos_of(seen, 0)) == [0, 0, 1, 1, 2, 2, 3, 4, 5] and not seen.turned # six of COCO and these three, each once

def test_cycle_squeezes_sharp_frames_and_blurs_them(rehearsed):
    seen = rehearsed('cycle', '--photos', 6, '--resize', 32, items=6, epochs=1, decay_epochs=1)
    assert len(seen.rates) == 2*3 and seen.critic == 2*10*6 # batches of two; ten turns of each of two critics
    assert set(seen.sources) == {(32, 32, 32)} and not seen.turned # whole frames
    for rates in zip(*seen.rates): assert (rates[0], rates[3], rates[5]) == pytest.approx((2e-3, 2e-3, 2e-3/3))
    assert sum(int(kernel_sides(kernel[None])) > 40 for kernel in seen.kernels) > len(seen.kernels)/2

def test_structure_takes_crops_of_full_frames(rehearsed):
    seen = rehearsed('structure', '--photos', 12, items=12, epochs=1, decay_epochs=1)
    assert len(seen.rates) == 2*3 and seen.critic == 5*6 and set(seen.sources) == {(96, 80, 32)} # batches of four
    for rates in zip(*seen.rates): assert (rates[0], rates[3], rates[5]) == pytest.approx((1e-4, 1e-4, 1e-4/3))
    assert sorted(photos_of(seen, 1)) == list(range(12)) and not seen.turned

def test_multitask_learns_enhanced_photos_of_gopro(rehearsed, tiny):
    seen = rehearsed('multitask', '--photos', 8, items=8, epochs=1, decay_epochs=0)
    assert len(seen.rates) == 8 and {critic for _, critic in seen.rates} == {1e-4} and seen.rates[0][0] == pytest.approx(1e-4)
    assert seen.rates[4][0] == pytest.approx(1e-5) and seen.rates[7][0] == pytest.approx(1e-4*.01**(7/8)) # to a hundredth
    assert len(list((tiny/'GoPro-enhanced').rglob('*.png'))) == 8 + 2 # kept beside the data, those to validate with, too

def test_light_sees_its_photos_and_no_others(rehearsed):
    seen = rehearsed('light', '--photos', 8, items=8, batch_size=4, epochs=3)
    assert len(seen.rates) == 3*2 and seen.critic == 6 and {rate for rates in seen.rates for rate in rates} == {5e-3} # one turn, one rate
    assert [sorted(photos_of(seen, epoch)) for epoch in range(3)] == [list(range(8))]*3 and not seen.turned
