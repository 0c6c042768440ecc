"""A data set in the making is killed at random moments, damaged and resumed: it ends as if nothing had happened."""
import csv, hashlib, json, os, random, signal, time, weakref
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy.ndimage import map_coordinates, spline_filter
from skimage import data

import running
import deblur_nb.data.frames as frames_module
from deblur_nb.data import average_frames, frame_pairs, in_between, light_table, long_exposure, optical_flow, synthesise_frames
from deblur_nb.blur import AnyOf, Camera, ShakeKernels
from deblur_nb.blur import ObjectShake, RotationShake
from deblur_nb.cli import synthesise_command, train_command
from deblur_nb.cli.common import run_command
from deblur_nb.data import Recipe, synthesise
from deblur_nb.photos import save_photo

pytestmark = pytest.mark.long

RECIPE = Recipe(ShakeKernels(17, (7, 15), steps=100), crop=64)

@pytest.fixture
def photos(tmp_path):
    (folder := tmp_path/'photos').mkdir()
    for name in ('astronaut', 'camera', 'coffee'): Image.fromarray(getattr(data, name)()[100:260, 150:330]).save(folder/f'{name}.png')
    return folder

def contents(folder): return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob('*') if path.is_file()}

def dies_at(number):
    "Let this process kill itself when it renames its file `number`; None: never."
    real, calls = os.replace, []
    def counted(*args):
        calls.append(args)
        if len(calls) == number: os.kill(os.getpid(), signal.SIGKILL)
        real(*args)
    os.replace = counted

def command(args, deadly=None):
    "What a process does: `deblur-synthesise`; it kills itself when it renames its file number `deadly`."
    for stream in (1, 2): os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
    dies_at(deadly)
    os._exit(synthesise_command([str(word) for word in args]))

def started(*args, deadly=None):
    "The command in a process of its own, which begins with everything imported."
    child = running.processes().Process(target=command, args=(args, deadly))
    child.start()
    return child

def code_of(child, patience=300):
    child.join(patience)
    return child.exitcode

def run(photos, out, *args): return started(photos, out, '--crop', 96, '--per-photo', 16, '--blur', 'shake=2', 'rotation', '--noise', .01, *args)

def workers_of(parent):
    "The processes that a process has begun."
    found = []
    for folder in Path('/proc').glob('[0-9]*'):
        try: fields = (folder/'stat').read_text().rpartition(')')[2].split()
        except OSError: continue
        if int(fields[1]) == parent and fields[0] != 'Z': found.append(int(folder.name))
    return found

def alive(pid):
    try: return (Path('/proc')/str(pid)/'stat').read_text().rpartition(')')[2].split()[0] not in 'ZX'
    except OSError: return False

def made(folder): return len(list(folder.rglob('*.png')))

def test_five_kills_change_nothing(photos, tmp_path):
    assert code_of(run(photos, tmp_path/'straight', '--workers', 1)) == 0
    expected, moments, kills = contents(tmp_path/'straight'), random.Random(7), 0
    while kills < 5:
        before, child = made(tmp_path/'killed'), run(photos, tmp_path/'killed', '--workers', 1 + (kills == 3), '--resume')
        more, end = moments.randint(1, 12), time.monotonic() + 120 # pictures; one kill comes before any
        while kills and child.exitcode is None and made(tmp_path/'killed') < before + more and time.monotonic() < end: time.sleep(.002)
        workers = workers_of(child.pid)
        assert child.exitcode is None, 'the set was finished before it could be killed five times'
        assert len(workers) >= 2 or kills != 3, 'two workers were asked for'
        child.kill() # SIGKILL, the parent alone
        child.join()
        kills += 1
        assert not (tmp_path/'killed'/'manifest.csv').exists()
        end = time.monotonic() + 20
        while any(map(alive, workers)) and time.monotonic() < end: time.sleep(.05)
        assert not any(map(alive, workers)), 'workers outlive their parent'
    assert code_of(run(photos, tmp_path/'killed', '--workers', 1, '--resume')) == 0
    assert contents(tmp_path/'killed') == expected

def test_damage_of_every_kind_is_made_good(photos, tmp_path):
    out = tmp_path/'pairs'
    def make(**how): return synthesise(photos, out, RECIPE, per_photo=4, workers=1, progress=False, **how)
    assert make() == 12
    expected, rows = contents(out), list(csv.DictReader((out/'manifest.csv').open()))
    (out/'blur'/'camera_1.png').write_bytes(expected['blur/camera_1.png'][:500]) # half a file
    (out/'sharp'/'coffee_2.png').unlink()
    (out/'kernels'/'astronaut_3.npy').write_bytes(b'')
    (out/'sharp'/'.part-1-2').write_bytes(b'half')
    (out/'manifest.csv').unlink()
    (out/'.journal.jsonl').write_bytes(b'\xff\x00 no json\n[1]\n' + b''.join(json.dumps(row).encode() + b'\n' for row in rows[:9]) + json.dumps(rows[9]).encode()[:200])
    assert make(resume=True) == 12 and contents(out) == expected
    (out/'manifest.csv').write_bytes(expected['manifest.csv'][:700])
    assert make(resume=True) == 12 and contents(out) == expected

def test_a_changed_photo_is_made_again(photos, tmp_path):
    def make(place, **how): return synthesise(photos, tmp_path/place, RECIPE, workers=1, progress=False, **how)
    make('old')
    before = contents(tmp_path/'old')
    Image.fromarray(data.chelsea()[50:210, 50:200]).save(photos/'coffee.png')
    make('old', resume=True), make('new')
    after = contents(tmp_path/'old')
    assert after == contents(tmp_path/'new')
    assert {name for name in after if after[name] != before[name]} == {'blur/coffee.png', 'sharp/coffee.png', 'manifest.csv'}

def test_the_manifest_can_be_checked_by_others(photos, tmp_path):
    synthesise(photos, tmp_path/'pairs', RECIPE, per_photo=2, workers=1, progress=False)
    for row in csv.DictReader((tmp_path/'pairs'/'manifest.csv').open()):
        files = {'blur_sha256': f"blur/{row['name']}.png", 'sharp_sha256': f"sharp/{row['name']}.png", 'kernels_sha256': f"kernels/{row['name']}.npy"}
        for column, file in files.items(): assert hashlib.sha256((tmp_path/'pairs'/file).read_bytes()).hexdigest() == row[column]
        photo = np.asarray(Image.open(photos/row['photo']))
        top, left = int(row['top']), int(row['left'])
        assert np.array_equal(np.asarray(Image.open(tmp_path/'pairs'/files['sharp_sha256'])), photo[top:top + 64, left:left + 64])
        assert json.loads(row['blur_parameters'])['extent'] == [7, 15] and row['kernel_size'] == '17'

@dataclass(frozen=True)
class Deadly:
    "A kernel model that ends its process, as the system does when memory runs out."
    def __call__(self, n, rng=None): os.kill(os.getpid(), signal.SIGKILL)

def test_a_killed_worker_is_reported(photos, tmp_path):
    recipe = Recipe(Deadly(), crop=64)
    with pytest.raises(RuntimeError, match='A worker process was killed'): synthesise(photos, tmp_path/'pairs', recipe, workers=2, progress=False)
    assert not (tmp_path/'pairs'/'manifest.csv').exists()

# Several processes share a set

def one_of(world, rank, photos, out, killed_after=None):
    "Process `rank` of `world`; it kills itself when it has written so many files."
    os.environ.update(RANK=str(rank), WORLD_SIZE=str(world))
    dies_at(killed_after)
    synthesise(photos, out, RECIPE, per_photo=8, workers=1, progress=False)

def codes_of(world, photos, out, killed=None, ranks=None):
    "Exit codes of the processes of a launch, of which the first one may be killed."
    context = running.processes()
    children = [context.Process(target=one_of, args=(world, rank, photos, out, killed if rank == 0 else None)) for rank in ranks or range(world)]
    for child in children: child.start()
    for child in children: child.join()
    return [child.exitcode for child in children]

def test_processes_that_share_a_set_make_what_one_makes(photos, tmp_path):
    assert synthesise(photos, tmp_path/'alone', RECIPE, per_photo=8, workers=1, progress=False) == 24
    expected = contents(tmp_path/'alone')
    assert codes_of(3, photos, tmp_path/'shared') == [0, 0, 0] and contents(tmp_path/'shared') == expected
    assert codes_of(3, photos, tmp_path/'killed', killed=12) == [-signal.SIGKILL, 0, 0] and not (tmp_path/'killed'/'manifest.csv').exists()
    journal = tmp_path/'killed'/'.journal-0.jsonl'
    assert 0 < len(journal.read_text().splitlines()) < 8
    (tmp_path/'killed'/'blur'/'camera_2.png').write_bytes(b'half a file')
    assert codes_of(3, photos, tmp_path/'killed') == [0, 0, 0] and contents(tmp_path/'killed') == expected
    assert codes_of(2, photos, tmp_path/'other', ranks=[1]) == [0] and synthesise(photos, tmp_path/'other', RECIPE, per_photo=8, workers=1, resume=True, progress=False) == 24
    assert contents(tmp_path/'other') == expected

# Objects that move, with masks of their own

@pytest.fixture
def masks(photos, tmp_path):
    (folder := tmp_path/'masks').mkdir()
    for name in ('astronaut', 'coffee'): draw_mask(folder/f'{name}.png', Image.open(photos/f'{name}.png').size, 60)
    return folder

def draw_mask(path, size, left):
    mask = np.zeros(size[::-1], np.uint8)
    mask[40:100, left:left + 60] = 255
    Image.fromarray(mask).save(path)

def test_a_photo_without_its_mask_is_left_out_and_a_new_mask_makes_a_new_pair(photos, masks, tmp_path):
    def make(place='pairs', **how):
        said = []
        recipe = Recipe(AnyOf((ObjectShake((7, 9), steps=8, behind=RotationShake((3, 3), steps=8)),), (1,)), masks=masks)
        return synthesise(photos, tmp_path/place, recipe, per_photo=2, progress=False, skip=said.append, **how), said
    count, said = make(workers=1)
    assert count == 4 and len(said) == 1 and 'camera.png has no mask' in said[0]
    before = contents(tmp_path/'pairs')
    draw_mask(masks/'camera.png', (10, 10), 0)
    count, said = make(workers=1, resume=True)
    assert count == 4 and 'both must be of one size' in said[0] and contents(tmp_path/'pairs') == before
    for name, left in (('camera', 20), ('coffee', 90)): draw_mask(masks/f'{name}.png', Image.open(photos/f'{name}.png').size, left)
    assert make(workers=1, resume=True) == (6, []) and make('new', workers=1) == (6, [])
    after = contents(tmp_path/'pairs')
    assert after == contents(tmp_path/'new')
    assert {name for name in before if after[name] != before[name]} == {'blur/coffee_1.png', 'blur/coffee_2.png', 'manifest.csv'}

def test_recipes_with_motions_are_the_same_for_any_number_of_workers(photos, masks, tmp_path):
    draw_mask(masks/'camera.png', Image.open(photos/'camera.png').size, 20)
    recipe = Recipe(AnyOf((RECIPE.blur, RotationShake(steps=8), ObjectShake(steps=8)), (1, 1, 1)), crop=64, camera=Camera(noise=.01), masks=masks)
    for workers in (1, 2): synthesise(photos, tmp_path/str(workers), recipe, per_photo=4, workers=workers, progress=False)
    assert contents(tmp_path/'1') == contents(tmp_path/'2')
    assert {row['blur_model'] for row in csv.DictReader((tmp_path/'1'/'manifest.csv').open())} == {'ShakeKernels', 'RotationShake', 'ObjectShake'}

# Averaged frames

@pytest.fixture
def film(tmp_path):
    (folder := tmp_path/'film').mkdir()
    for i in range(60): Image.fromarray(data.rocket()[200:300, 2 * i:2 * i + 150]).save(folder/f'{i}.png')
    return folder

def test_a_film_gives_the_same_set_after_a_kill(film, tmp_path):
    assert synthesise_frames(film, tmp_path/'straight', (2, 4), progress=False) > 15
    expected, args = contents(tmp_path/'straight'), [film, tmp_path/'killed', '--frames', 2, 4]
    assert code_of(started(*args, deadly=8)) == -signal.SIGKILL
    assert not (tmp_path/'killed'/'manifest.csv').exists()
    (tmp_path/'killed'/'sharp'/'000000.png').write_bytes(b'half a file')
    assert code_of(started(*args, '--resume')) == 0
    assert contents(tmp_path/'killed') == expected

def test_a_pair_of_frames_is_their_mean_in_light(film, tmp_path):
    synthesise_frames(film, tmp_path/'pairs', (5, 9), seed=3, progress=False)
    rows = list(csv.DictReader((tmp_path/'pairs'/'manifest.csv').open()))
    assert [int(row['first']) for row in rows] == [sum(int(row['count']) for row in rows[:i]) for i in range(len(rows))]
    for row in rows:
        first, count = int(row['first']), int(row['count'])
        frames = [np.asarray(Image.open(film/f'{i}.png')) for i in range(first, first + count)]
        light = np.mean([(frame / 255) ** 2.2 for frame in frames], axis=0)
        blurred, sharp = (np.asarray(Image.open(tmp_path/'pairs'/side/f"{row['name']}.png")) for side in ('blur', 'sharp'))
        assert 5 <= count <= 9 and np.array_equal(sharp, frames[count // 2]) and np.abs(blurred - 255 * light ** (1 / 2.2)).max() <= .51
        assert row['frames_sha256'] == hashlib.sha256(b''.join(frame.tobytes() for frame in frames)).hexdigest()
    with pytest.raises(ValueError, match='was begun with seed = 3, not 4'): synthesise_frames(film, tmp_path/'pairs', (5, 9), seed=4, resume=True)

# Frames in between, of an ordinary film

def splines(photo): return [spline_filter((photo/255)[..., channel]**2.2, 3) for channel in range(3)]

def rendered(photo, angle, zoom, shift, size=(120, 150)):
    "The light of a photo (its splines) that is turned, enlarged and shifted, at twice the size of a frame and then averaged: no move makes it softer."
    y, x = (np.mgrid[:2*size[0], :2*size[1]] + .5)/2 - .5 - np.array(size)[:, None, None]/2
    c, s = 2*np.cos(angle)/zoom, 2*np.sin(angle)/zoom
    place = [s*x + c*y + 256 + 2*shift[1], c*x - s*y + 256 + 2*shift[0]]
    light = np.stack([map_coordinates(channel, place, order=3, prefilter=False, mode='mirror') for channel in photo], axis=-1)
    return np.clip(light.reshape(size[0], 2, size[1], 2, 3).mean(axis=(1, 3)), 0, 1)

def as_bytes(light): return np.rint(255*np.clip(light, 0, 1)**(1/2.2)).astype(np.uint8)

def decibel(a, b, rim=16): return 10*np.log10(255**2/np.square(a.astype(float) - b)[rim:-rim, rim:-rim].mean())

MOVES = {'slide': lambda t: (0, 1, (4.3*t, 1.7*t)), 'fast': lambda t: (0, 1, (9.6*t, -3.1*t)), 'turn': lambda t: (.03*t, 1, (0, 0)), 'zoom': lambda t: (.01*t, 1 + .03*t, (.4*t, 0))}

@pytest.mark.parametrize('move', MOVES)
def test_in_betweens_make_the_exact_integral_of_a_known_motion(move):
    pytest.importorskip('cv2')
    photo, path = splines(data.astronaut()), MOVES[move]
    frames = [as_bytes(rendered(photo, *path(t))) for t in range(-2, 3)]
    exact = as_bytes(np.mean([rendered(photo, *path(t)) for t in (np.arange(48) + .5)/12 - 2], axis=0))
    made, plain = next(frame_pairs(frames, 5, between='motion')), average_frames(frames)[0]
    assert decibel(made.blurred, exact) >= 40 and decibel(plain, exact) < decibel(made.blurred, exact) - 6
    if move == 'slide': assert abs(made.about['motion'] - np.hypot(4.3, 1.7)) < .5 and 16 <= made.about['between'] <= 20
    assert made.sharp is frames[2] and made.about['failed'] < .1 and made.about['left_out'] == ''

def test_what_one_frame_alone_shows_is_taken_from_that_frame():
    "A square moves before a still photo: nothing of it may shine through where it is not yet, or not any more."
    pytest.importorskip('cv2')
    behind, square = data.coffee()[100:260, 100:320], data.astronaut()[60:110, 200:250]
    def scene(left):
        frame = behind.copy()
        frame[50:100, left:left + 50] = square
        return frame
    frames = scene(60), scene(70)
    flow = optical_flow(*frames)
    middle = in_between(flow, tuple(light_table(np.uint8, 2.2).astype(np.float32)[frame] for frame in frames), .5)
    assert decibel(as_bytes(middle/255), scene(65)) > 33 > 28 > decibel(average_frames(frames)[0], scene(65))

def test_each_step_counts_by_its_time():
    pytest.importorskip('cv2')
    frames = [np.full((40, 50, 3), value, np.uint8) for value in (100, 110, 120)] # nothing moves, the light grows
    made = long_exposure(frames, times=(3., 1., 9.), gamma=1., between=3)
    assert np.allclose(made.light, (3*105 + 115)/4) and made.between == 6 and made.motion == 0 # the last frame ends the exposure, however long it lasts
    wide = [frame.astype(np.uint16)*257 for frame in frames]
    assert np.allclose(long_exposure(wide, times=(3., 1., 9.), gamma=1., between=3).light, made.light, atol=1e-3)

@pytest.fixture
def phone(tmp_path):
    "A film of 20 frames as a phone makes them: a pan by 4 pixels a frame, a cut after frame 11, and frames 15 to 19 blurred themselves."
    pytest.importorskip('cv2')
    (folder := tmp_path/'phone').mkdir()
    for i in range(20):
        photo = data.coffee()[100:220] if i < 12 else data.rocket()[200:320]
        part = photo[:, 100 + 4*i:250 + 4*i] if i < 15 else np.mean([photo[:, 100 + 4*i + k:250 + 4*i + k] for k in range(-8, 8)], axis=0).astype(np.uint8)
        Image.fromarray(part).save(folder/f'{i}.png')
    return folder

def rows_of(folder): return list(csv.DictReader((folder/'manifest.csv').open()))

def test_cuts_and_blurred_film_are_left_out_and_the_manifest_says_why(phone, tmp_path):
    said = []
    assert synthesise_frames(phone, tmp_path/'pairs', 5, between='motion', progress=False, skip=said.append) == 2
    rows = rows_of(tmp_path/'pairs')
    assert [row['left_out'] for row in rows] == ['', '', 'cut', 'blurred film'] and len(said) == 2
    assert 'frames 10 to 14: the film is cut there' in said[0] and 'frames 15 to 19: frame 17 is blurred itself' in said[1]
    assert {path.stem for path in (tmp_path/'pairs'/'blur').glob('*')} == {row['name'] for row in rows if not row['left_out']} == {'000000', '000005'}
    for row in rows[:2]: assert 16 <= int(row['between']) <= 20 and abs(float(row['motion']) - 4) < .5 and float(row['failed']) < .1 and row['gamma'] == '2.2'
    (tmp_path/'bad').mkdir()
    for i in range(15, 20): (tmp_path/'bad'/f'{i}.png').write_bytes((phone/f'{i}.png').read_bytes())
    with pytest.raises(ValueError, match='can be trusted .blurred film.'): synthesise_frames(tmp_path/'bad', tmp_path/'none', 5, between=1, progress=False, skip=said.append)
    assert rows_of(tmp_path/'none')[0]['left_out'] == 'blurred film'

def test_in_betweens_after_a_kill_are_the_same_and_what_is_there_is_not_made_again(phone, tmp_path, monkeypatch):
    args = '--frames', 3, 3, '--between'
    assert code_of(started(phone, tmp_path/'straight', *args)) == 0
    expected = contents(tmp_path/'straight')
    assert code_of(started(phone, tmp_path/'killed', *args, deadly=8)) == -signal.SIGKILL
    assert not (tmp_path/'killed'/'manifest.csv').exists() and (tmp_path/'killed'/'.journal.jsonl').read_text()
    (tmp_path/'killed'/'sharp'/'000000.png').write_bytes(b'half a file')
    made, real = [], frames_module._smooth_pair
    monkeypatch.setattr(frames_module, '_smooth_pair', lambda piece, *args, **how: made.append(piece.first) or real(piece, *args, **how))
    assert synthesise_frames(phone, tmp_path/'killed', 3, between='motion', resume=True, progress=False, skip=str) == len(list((tmp_path/'straight'/'blur').glob('*')))
    assert contents(tmp_path/'killed') == expected and made[0] == 0 and 3 not in made
    made.clear()
    synthesise_frames(phone, tmp_path/'killed', 3, between='motion', resume=True, progress=False, skip=str)
    assert made == [] and contents(tmp_path/'killed') == expected
    with pytest.raises(ValueError, match='was begun with between = "motion", not 2'): synthesise_frames(phone, tmp_path/'killed', 3, between=2, resume=True)

def test_one_piece_of_the_film_is_in_memory(phone):
    alive, most, photo = weakref.WeakValueDictionary(), [0], np.asarray(Image.open(phone/'0.png'))
    def watched():
        for i in range(40):
            frame = alive[i] = photo.copy()
            most[0] = max(most[0], len(alive))
            yield frame
    assert sum(1 for _ in frame_pairs(watched(), 5, between=1)) == 8 and most[0] <= 11 # a piece, its successor, and what a loop still holds

def test_such_pairs_are_a_source_to_train_on(phone, photos, tmp_path, capsys):
    assert code_of(started(phone, tmp_path/'pairs', '--frames', 3, 3, '--between', 2)) == 0
    arguments = [str(tmp_path/'pairs'), f'{photos}=shake', '--mix', '2,1', '--out', str(tmp_path/'run')]
    small = [word for name in ('epochs=1', 'decay_epochs=0', 'items=4', 'val_items=2', 'crop=64', 'width=2', 'critic_width=2', 'kernel_pool=4') for word in ('--set', name)]
    assert train_command([*arguments, '--profile', 'smoke', '--variant', 'pixel', '--device', 'cpu', *small]) == 0, capsys.readouterr().err
    assert (tmp_path/'run'/'weights'/'model.safetensors').exists()

@pytest.mark.parametrize('between', [(), ('--between', '1')])
def test_nothing_is_averaged_across_missing_frames(tmp_path, between):
    (tmp_path / 'film').mkdir()
    texture = np.random.default_rng(0).integers(60, 190, (48, 48, 3)).astype(np.uint8)
    numbers = [*range(1, 11), *range(14, 21)]
    for number in numbers: save_photo(texture, tmp_path / 'film' / f'{number:04}.png')
    code, said = run_command(synthesise_command, tmp_path / 'film', tmp_path / 'pairs', '--frames', '3', '5', *between)
    assert said.count('note: Frames are missing') == 1 and 'between 0010.png and 0014.png: no pair' in said, said
    rows = list(csv.DictReader((tmp_path / 'pairs' / 'manifest.csv').open()))
    used = [numbers[int(row['first']):int(row['first']) + int(row['count'])] for row in rows]
    assert len(used) >= 3 and all(part[-1] - part[0] == len(part) - 1 for part in used), used
    assert any(part[0] == 14 for part in used) # what follows the gap begins anew

def test_a_film_is_checked_before_anything_is_written_and_stillness_is_said(film, tmp_path):
    save_photo(np.zeros((90, 150, 3), np.uint8), film / '59.png')
    code, said = run_command(synthesise_command, film, tmp_path / 'pairs', '--frames', '3', '5')
    assert code == 1 and '59.png has 150x90 pixels' in said and not (tmp_path / 'pairs').exists(), said
    (tmp_path / 'still').mkdir()
    for i in range(6): save_photo(np.full((40, 40, 3), 77, np.uint8), tmp_path / 'still' / f'{i}.png')
    for again in ((), ('--resume',)):
        code, said = run_command(synthesise_command, tmp_path / 'still', tmp_path / 'stills', '--frames', '3', '3', *again)
        assert code == 0 and said.count('note: 2 of 2 pairs of') == 1 and 'nothing moves' in said, said
