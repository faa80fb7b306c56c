"""A new case: one question a page. The server stores nothing before it is submitted.

Answers travel from page to page in hidden fields, so the back button works and a page may stay open for a day.
"""
