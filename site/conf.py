"Sphinx: pages out of the notebooks with the outputs that are saved in them; everything that a page loads lies beside it."
import functools, os
from html import escape

from sphinx.addnodes import toctree
from sphinx.highlighting import PygmentsBridge
from sphinx.search.en import SearchEnglish

project = html_title = 'deblur_nb'
extensions = ['myst_nb']
root_doc = 'index'
exclude_patterns = ['_build']
html_theme = 'sphinx_book_theme'
html_static_path = ['_static']
templates_path = ['_templates']
html_sidebars = {'**': ['navbar-logo.html', 'search-button-field.html', 'sidebar.html']}
html_favicon = 'icon.svg'
html_context = dict(default_mode='auto')
html_css_files = ['site.css']
html_show_sourcelink = html_copy_source = False
html_theme_options = dict(home_page_in_toc=True, collapse_navigation=True, show_navbar_depth=1, show_toc_level=2, navigation_with_keys=False, use_download_button=False,
                          navbar_persistent=[], repository_url=os.environ['DEBLUR_NB_SITE_REPOSITORY'], use_repository_button=True)
nb_execution_mode = 'off'
nb_merge_streams = True
myst_enable_extensions = ['dollarmath', 'amsmath', 'colon_fence']
myst_heading_anchors = 3
mathjax_path = 'mathjax/tex-svg.js'
suppress_warnings = ['myst.header', 'mystnb.unknown_mime_type', 'misc.highlighting_failure']

# The list of all pages stands beside each page. The theme makes it from Sphinx's tree of all headings, once a page, which takes longer than all else.

ARROW = '<summary><span class="toctree-toggle" role="presentation"><i class="fa-solid fa-chevron-down"></i></span></summary>'

@functools.cache
def parts(app, name):
    "The lists of pages that a page leads to: (caption, names)."
    return [(tree['caption'], [inner for _, inner in tree['entries']]) for tree in app.env.tocs[name].findall(toctree)]

def item(app, page, name, level):
    "A page in the list beside `page`, with those below it, and whether `page` is one of them."
    here, names = name == page, [inner for _, names in parts(app, name) for inner in names]
    inside, shown = listed(app, page, names, level + 1)
    shown |= here
    kinds = ' '.join([f'toctree-l{level}', *['current active'] * shown, *['has-children'] * bool(names)])
    link = f'<a class="{"current " * here}reference internal" href="{app.builder.get_relative_uri(page, name) or "#"}">{escape(title(app, name))}</a>'
    more = f'<details{" open" * shown}>{ARROW}<ul>{inside}</ul></details>' if names else ''
    return f'<li class="{kinds}">{link}{more}</li>', shown

@functools.cache
def title(app, name): return app.env.titles[name].astext()

def listed(app, page, names, level=1):
    "The items of these pages, and whether `page` is one of them or below one."
    items = [item(app, page, name, level) for name in names]
    return '\n'.join(html for html, _ in items), any(shown for _, shown in items)

def add_sidebar(app, page, template, context, doctree):
    def head(caption): return f'<p aria-level="2" class="caption" role="heading"><span class="caption-text">{caption}</span></p>' if caption else ''
    context['all_pages'] = '\n'.join(f'{head(caption)}<ul class="nav bd-sidenav">{listed(app, page, names)[0]}</ul>' for caption, names in parts(app, root_doc))

def setup(app):
    app.connect('html-page-context', add_sidebar)
    for owner, name in ((SearchEnglish, 'stem'), (PygmentsBridge, 'get_formatter')): # a word once, and not each time it stands on a page; one for all cells
        setattr(owner, name, functools.cache(getattr(owner, name)))
