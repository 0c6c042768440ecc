"""Settings of nbgrader for this folder: run `nbgrader` in a copy of it. All paths are relative to where it is run."""
c = get_config()
c.CourseDirectory.course_id = 'deblurring'
c.CourseDirectory.db_url = 'sqlite:///gradebook.db'

# One notebook of one student takes some seconds; a loop without an end is stopped after a minute.
c.Execute.timeout = 60

# Answers as they come by mail or from a learning platform, all in downloaded/WEEK/archive/: STUDENT_EXERCISE.ipynb, as in ada_psf.ipynb.
# A platform that names files otherwise needs another pattern.
c.FileNameCollectorPlugin.named_regexp = r'.*[/\\](?P<student_id>[^/\\_]+)_(?P<file_id>\w+)\.ipynb'
