"Sphinx: pages out of the notebooks with the outputs that are saved in them; everything that a page loads lies beside it."
import os

project = html_title = 'deblur_nb'
extensions = ['myst_nb']
root_doc = 'index'
exclude_patterns = ['_build']
html_theme = 'sphinx_book_theme'
html_static_path = ['_static']
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
