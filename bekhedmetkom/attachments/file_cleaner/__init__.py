"""Takes from a file everything but what people see and hear in it. A program of its own: it knows no Django.

Run as `python -I -m bekhedmetkom.attachments.file_cleaner FORMAT IN OUT`, with limits on memory and time and without the
platform's environment, because it is the one place where bytes from strangers meet large libraries.
"""
