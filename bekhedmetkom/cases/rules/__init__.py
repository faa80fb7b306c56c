"""What can happen to a case and what follows from it. Pure: no Django, no clock, no database.

`states` what can happen and where it leads · `standing` the row and how events change it · `deadlines` what time
causes · `access` who may do what · `sentences` what each event says and to whom · `applicant` who brings a case.
"""
