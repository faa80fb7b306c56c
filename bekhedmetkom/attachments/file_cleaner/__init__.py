"""Program that removes metadata and active content from one uploaded file. It does not import Django.

Run as `python -I -m bekhedmetkom.attachments.file_cleaner FORMAT IN OUT`, with limits on memory and time and
without the platform's environment, because here untrusted bytes reach large parsing libraries.
"""
