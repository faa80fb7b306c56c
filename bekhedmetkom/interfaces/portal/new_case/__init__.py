"""Writing a case: one question a page, and nothing kept here until it is sent.

What has been typed travels from page to page in hidden fields. So the back button works, a page can lie open for a
day, and the server holds no half-written words.
"""
