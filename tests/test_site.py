"The site: it is built whole, its links lead somewhere, it asks no other machine for anything, and it restores a photo in the browser."
import base64, importlib.util, io, re, shutil
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlparse

import numpy as np
import pytest
from PIL import Image
from browser import TOP, browser, screenshot, served, tab
from running import script

pytestmark = pytest.mark.long

def loaded(name):
    spec = importlib.util.spec_from_file_location(name, TOP/'site'/f'{name}.py')
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

@pytest.fixture(scope='module')
def html(tmp_path_factory):
    "The site, built by its script: warnings are errors."
    pytest.importorskip('myst_nb', reason='the site needs pip install "deblur_nb[site]"')
    out = tmp_path_factory.mktemp('site')
    done = script(TOP/'site'/'build.py', '--out', out)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-6000:]
    return out/'html'

class Page(HTMLParser):
    "What a page links to, what it loads, and where it can be entered."
    def __init__(self, path):
        super().__init__()
        self.links, self.loads, self.anchors = [], [], set()
        self.feed(path.read_text(encoding='utf-8'))

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.anchors |= {attrs[name] for name in ('id', 'name') if attrs.get(name)}
        if tag == 'a' and attrs.get('href'): self.links.append(attrs['href'])
        loads = attrs.get('src') or (attrs.get('href') if tag == 'link' and attrs.get('rel') in ('stylesheet', 'icon', 'preload') else None)
        if loads: self.loads.append(loads)

@pytest.fixture(scope='module')
def pages(html): return {path.relative_to(html).as_posix(): Page(path) for path in html.rglob('*.html')}

def test_the_course_stands_in_the_order_of_the_syllabus():
    build = loaded('build')
    names = [f'/course/{path.stem}' for path in (build.NBS/'course').glob('*.ipynb')] + ['/course/0_syllabus', '/course/exercises/README']
    order = build.by_syllabus(names)
    assert order[:3] == ['/course/0_syllabus', '/course/week1a_what_blur_is', '/course/2_one_kernel_to_space_variant'] and set(order) == set(names)

def test_every_notebook_and_module_has_a_page(html, pages):
    build = loaded('build')
    expected = {path.relative_to(build.NBS).with_suffix('.html').as_posix() for path in build.NBS.rglob('*.ipynb') if build.is_page(path)}
    assert len(expected) > 100 and expected <= set(pages)
    assert {f'slides/{path.stem}.html' for path in build.sessions()} <= set(pages) and len(build.sessions()) == 8
    assert {'api/restore.shake.html', 'api/models.deblurgan.html', 'search.html'} <= set(pages)
    kernels = (html/'api'/'blur.kernels.html').read_text(encoding='utf-8')
    assert 'id="shakekernels"' in kernels and 'smallest and largest longer side in pixels' in kernels, 'signatures come with their comments'

def test_links_lead_somewhere(html, pages):
    broken, counted = [], 0
    for name, page in pages.items():
        for link in page.links:
            if urlparse(link).scheme: continue
            counted += 1
            target, _, anchor = unquote(urljoin(name, link)).partition('#')
            path = html/target
            if not path.exists(): broken.append(f'{name}: {link}')
            elif anchor and target.endswith('.html') and anchor not in pages[target].anchors: broken.append(f'{name}: no place {link}')
    assert counted > 5000 and not broken, broken[:20]

def test_pages_load_nothing_from_other_machines(html, pages):
    foreign = [f'{name}: {place}' for name, page in pages.items() for place in page.loads if urlparse(place).scheme in ('http', 'https') or place.startswith('//')]
    sheets = [f'{path.name}: {found}' for path in html.rglob('*.css') for found in re.findall(r'(?:@import|url\()\s*["\']?(https?:[^"\')]+)', path.read_text(encoding='utf-8'))]
    assert not foreign + sheets, (foreign + sheets)[:20]

def test_without_npm_it_says_what_is_missing(tmp_path, monkeypatch, capsys):
    build = loaded('build')
    monkeypatch.setattr(shutil, 'which', lambda name: None)
    assert build.write_static(tmp_path/'static', tmp_path/'npm', True) is False
    assert 'Install Node.js' in capsys.readouterr().err and not (tmp_path/'static'/'try').exists()
    assert 'try.js' not in build.front({'course': ['/course/1'], 'papers': [], 'benchmarks': []}, False)

# In a browser

DOCS = 'import sys, socket; probe = socket.socket(); probe.bind(("127.0.0.1", 0)); port = str(probe.getsockname()[1]); probe.close()\n' \
       'from deblur_nb.lab.command import main; raise SystemExit(main(["--docs", "--no-browser", "--folder", sys.argv[1], "--port", port]))'

@pytest.fixture(scope='module')
def site(html, browser, tmp_path_factory):
    "The address of the site, served by `deblur-lab --docs`."
    if not (html/'_static'/'try').is_dir(): pytest.skip('built without npm: no page restores photos')
    with served(DOCS, str(html), cwd=tmp_path_factory.mktemp('docs')) as address: yield address

def psnr(a, b): return 10*np.log10(255**2/np.square(a.astype(float) - b).mean())

def canvas(page, name):
    content = page.evaluate(f"document.getElementById('try-{name}').toDataURL('image/png')").split(',')[1]
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(content))).convert('RGB'))

def restored_by_python(path):
    from deblur_nb.photos import open_photo
    from deblur_nb.restore import pretrained, restore_photo
    return restore_photo(open_photo(path), pretrained(), precision='float32').pixels

def test_a_photo_is_restored_as_python_does(site, browser):
    with tab(browser, 'site-front') as page:
        page.goto(site)
        page.get_by_role('button', name='Restore the sample').click()
        page.locator('#try-stage[data-done]').wait_for()
        before, after = canvas(page, 'before'), canvas(page, 'after')
        page.locator('#try').scroll_into_view_if_needed()
    samples = TOP/'data_samples'
    blurred, sharp = (np.asarray(Image.open(samples/folder/'astronaut.png').convert('RGB')) for folder in ('blurred', 'sharp'))
    own = restored_by_python(samples/'blurred'/'astronaut.png')
    assert (before == blurred).all()
    assert abs(psnr(after, sharp) - psnr(own, sharp)) < .1 and psnr(after, own) > 45
    assert psnr(after, sharp) > psnr(blurred, sharp) + .5

def test_a_photo_of_several_tiles_has_no_seams(site, browser, tmp_path):
    wide = np.tile(np.asarray(Image.open(TOP/'data_samples'/'blurred'/'chelsea.png').convert('RGB')), (1, 3, 1))[:, :701]
    Image.fromarray(wide).save(tmp_path/'wide.png')
    with tab(browser, 'site-tiles') as page:
        page.goto(site)
        page.locator('#try-file').set_input_files(tmp_path/'wide.png')
        page.locator('#try-stage[data-done]').wait_for()
        after = canvas(page, 'after')
    assert psnr(after, restored_by_python(tmp_path/'wide.png')) > 40

def test_a_file_that_is_no_photo_gets_a_sentence(site, browser, tmp_path):
    (tmp_path/'broken.jpg').write_bytes(b'no photo')
    with tab(browser, 'site-broken') as page:
        page.goto(site)
        page.locator('#try-file').set_input_files(tmp_path/'broken.jpg')
        page.wait_for_function("() => document.getElementById('try-status').textContent.includes('cannot be read as a photo')")

@pytest.mark.parametrize('page_name', ['02_blur/1_kernels.html', 'papers/1_deblurgan.html', 'api/index.html'])
def test_a_page_with_equations_asks_nobody(site, browser, page_name):
    with tab(browser, f"site-{page_name.partition('.')[0].replace('/', '-')}") as page:
        page.goto(site + page_name)
        if 'api' not in page_name: page.locator('mjx-container').first.wait_for()

def test_slides_move(site, browser):
    with tab(browser, 'site-slides') as page:
        page.goto(site + 'slides/week1a_what_blur_is.html')
        page.locator('section.present').first.wait_for()
        before = page.evaluate('() => Reveal.getIndices()')
        page.keyboard.press('ArrowRight')
        page.wait_for_function('before => JSON.stringify(Reveal.getIndices()) !== JSON.stringify(before)', arg=before)

def test_a_phone_shows_it(site, browser):
    with tab(browser, 'site-phone') as page:
        page.set_viewport_size(dict(width=390, height=844))
        page.goto(site)
        page.wait_for_function("() => document.getElementById('try').getBoundingClientRect().right <= 390")
