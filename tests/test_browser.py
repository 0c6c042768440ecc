"""The experiments in a real browser, in JupyterLab and as a page: keys, buttons, menus, uploads; the pixels must change.

A widget's view lives in the browser: Python does not hear of it when it fails. See browser.py for what is needed."""
import numpy as np
import pytest
from PIL import Image

import browser as b
from browser import browser, lab, voila

pytestmark = [pytest.mark.browser, pytest.mark.long]
OPEN = dict(lab=b.open_in_lab, voila=b.open_in_voila)

@pytest.fixture(scope='module', params=OPEN)
def desk(request, browser):
    "A tab with the page, in JupyterLab or by Voila; experiments are chosen in it one after another."
    address = request.getfixturevalue(request.param)
    with b.tab(browser, f'{request.param}-last') as page:
        OPEN[request.param](page, address)
        page.where = request.param
        yield page

@pytest.fixture
def show(desk, request):
    "Choose an experiment; at the end keep its picture."
    def chosen(experiment):
        b.choose(desk, experiment)
        desk.experiment = experiment
        return desk
    yield chosen
    b.screenshot(desk, f'{desk.where}-{desk.experiment}')

def test_kernels(show):
    page = show('kernels')
    for slider, titles in (('extent', ['Kernel', 'Spectrum', 'Blurred photo']), ('inertia', None)): # None: all
        at = b.value(page, slider)
        before, after = b.changed(page, lambda: b.press_key(page, slider), 'every' if titles is None else 'some')
        assert b.value(page, slider) > at
        assert b.differ(before, after, titles), f'{slider} changes the number, but not the pictures'
    seed = page.locator('.t-seed input').input_value()
    before, after = b.changed(page, page.locator('.t-new').click)
    assert page.locator('.t-seed input').input_value() != seed and b.differ(before, after)
    before, after = b.changed(page, lambda: page.locator('.t-model select').select_option(index=2), 'some')
    assert b.differ(before, after, ['Kernel', 'Blurred photo'])

def files(folder):
    "A good photo, one that is broken, one with too many pixels, and one with too many bytes."
    good, broken, large, heavy = (folder/name for name in ('square.png', 'broken.png', 'large.png', 'heavy.png'))
    square = np.zeros((200, 200, 3), np.uint8)
    square[50:150, 50:150] = 255
    Image.fromarray(square).save(good)
    broken.write_bytes(good.read_bytes()[:100])
    Image.fromarray(np.zeros((6000, 6000), np.uint8)).save(large)
    heavy.write_bytes(good.read_bytes() + bytes(21_000_000))
    return good, broken, large, heavy

def test_uploads(show, tmp_path):
    page = show('kernels')
    good, broken, large, heavy = files(tmp_path)
    before, after = b.changed(page, lambda: b.upload(page, good), 'some')
    photo = after['Blurred photo']
    assert photo.shape == (200, 200) and photo[5, 5] < 20 and photo[100, 100] > 230
    b.upload(page, broken)
    assert 'broken.png' in b.says(page, 'broken.png is damaged')
    b.upload(page, large)
    assert '24 million' in b.says(page, 'large.png has 6000 x 6000 pixels')
    b.upload(page, heavy)
    assert 'more than 20 MB' in b.says(page, 'heavy.png has 21.0 MB')
    assert 'Traceback' not in page.content()
    assert (b.pictures(page)['Blurred photo'] == photo).all() # still the good one

def test_training_stops_and_goes_on(show):
    page = show('training')
    batch = r'batch (\d+) of'
    button = lambda name: page.locator(f'.t-{name}')
    before, after = b.changed(page, button('start').click)
    assert b.differ(before, after)
    page.locator('.t-pause:focus').wait_for() # the button that was pressed cannot be pressed again: the next one has the focus
    button('stop').click()
    first = b.says(page, 'Stopped at ' + batch)
    page.locator('.t-anew:enabled').wait_for()
    page.locator('.t-start:focus').wait_for()
    assert button('pause').is_disabled()
    b.changed(page, button('start').click, 'some')
    button('pause').click()
    b.says(page, 'Paused at ' + batch)
    button('stop').click()
    second = b.says(page, 'Stopped at ' + batch)
    assert batch_number(second) > batch_number(first) # it went on, and did not begin anew
    b.screenshot(page, f'{page.where}-training-stopped')
    button('anew').click()
    b.says(page, r'Ready\.')

def test_undo_hands_the_focus_on(show):
    page = show('study')
    b.changed(page, page.locator('.t-rate-5').click, 'some')
    while page.locator('.t-undo').is_enabled(): b.changed(page, page.locator('.t-undo').click, 'some')
    page.locator('.t-rate-1:focus').wait_for() # there is nothing left to undo

@pytest.mark.parametrize('experiment', ['features', 'training', 'kernels'])
def test_no_picture_is_cut_on_a_tablet(show, experiment):
    page = show(experiment)
    wide = page.viewport_size
    page.set_viewport_size(dict(width=820, height=1180))
    try: page.wait_for_function(f"() => {b.IMAGES}.every(i => i.getBoundingClientRect().right <= document.documentElement.clientWidth)", timeout=5000)
    finally: page.set_viewport_size(wide)

# How many pixels of height of the controls' pictures can be seen, below nothing else, while the control with the focus can be seen, too.
SEEN = f"""() => {{
    const there = (box, x, y) => {{ const top = document.elementFromPoint(x, y); return top && (box.contains(top) || top.contains(box)) }};
    const at = document.activeElement, own = at.getBoundingClientRect();
    if (!there(at, own.x + own.width/2, own.y + own.height/2)) return 0;
    return Math.max(...{b.IMAGES}.map(i => {{
        const box = i.getBoundingClientRect();
        let rows = 0;
        for (let y = Math.ceil(box.top); y < box.bottom; y++) rows += document.elementFromPoint(box.x + 1, y) === i && document.elementFromPoint(box.right - 2, y) === i;
        return rows/Math.min(100, box.height) }})) }}"""

SIZES = dict(voila=[(683, 384), (390, 844)], lab=[(640, 700)]) # a zoom of 200 %, a phone; half a window

@pytest.mark.parametrize('experiment', b.EXPERIMENTS)
def test_a_control_and_its_picture_are_in_sight_together(show, experiment):
    page = show(experiment)
    wide = page.viewport_size
    try:
        for width, height in SIZES[page.where]:
            page.set_viewport_size(dict(width=width, height=height))
            every_control_beside_a_picture(page)
            b.screenshot(page, f'{page.where}-{experiment}-{width}')
    finally: page.set_viewport_size(wide)

def every_control_beside_a_picture(page):
    controls = page.locator(f'.t-lab-{page.experiment}').locator('[role=slider], select, input, button').locator('visible=true')
    assert controls.count() > 3
    for i in range(controls.count()):
        if controls.nth(i).is_disabled(): continue
        controls.nth(i).focus()
        page.wait_for_function(f"() => ({SEEN})() >= .9", timeout=5000)

def batch_number(text): return int(text.split('batch ')[1].split(' of')[0])

def draw(page, points):
    "Draw on the canvas with the mouse; points in shares of its sides."
    canvas = page.locator('.t-drawing svg')
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    (x, y), *others = [(box['x'] + box['width']*x, box['y'] + box['height']*y) for x, y in points]
    page.mouse.move(x, y)
    page.mouse.down()
    for x, y in others: page.mouse.move(x, y, steps=5)
    page.mouse.up()

def test_a_drawn_shake_becomes_the_kernel(show):
    page = show('restore')
    page.locator('.t-blind input').uncheck() # the search takes its time
    pick('model', 6)(page)
    page.locator('.t-drawing').wait_for()
    before, after = b.changed(page, lambda: draw(page, [(.1, .5), (.9, .5)]), 'some')
    assert b.differ(before, after, ['True kernel', 'Blurred'])
    lit = after['True kernel'] > 60
    assert lit.any(0).sum() > 5*lit.any(1).sum() # a stroke along the rows
    field = page.locator('.t-path input')
    field.fill('10,80 nonsense')
    field.press('Enter')
    assert 'A path is two points or more' in b.says(page, 'nonsense')
    assert (b.pictures(page)['True kernel'] == after['True kernel']).all() # still the good one
    page.locator('.t-path-again').click()
    page.locator('.t-already input').check()
    page.locator('.t-sharp-picture').wait_for(state='hidden')
    page.locator('.t-already input').uncheck()
    page.locator('.t-sharp-picture').wait_for()

def pick(control, index): return lambda page: page.locator(f'.t-{control} select').select_option(index=index)
def key(slider): return lambda page: b.press_key(page, slider)
def click(button): return lambda page: page.locator(f'.t-{button}').click()

TRIES = [('restore', key('noise')), ('restore', pick('view', 1)), ('study', click('rate-5')), ('losses', key('strength')), ('losses', pick('term', 2)), ('critic', click('train')), ('critic', pick('points', 1)),
         ('checkerboard', key('stride')), ('checkerboard', click('new')), ('features', key('maps')), ('features', pick('photo', 2))]

@pytest.mark.parametrize('experiment, act', TRIES, ids=[f'{name}-{number}' for number, (name, _) in enumerate(TRIES)])
def test_experiment_answers(show, experiment, act):
    page = show(experiment)
    before, after = b.changed(page, lambda: act(page), 'some')
    assert any(b.differ(before, after, [title]) for title in after if title in before) or before.keys() != after.keys()
