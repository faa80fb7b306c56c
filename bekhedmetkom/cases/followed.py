"""What followers of the journal keep: how far each has read, and the words by which the desk searches."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func
from django.db.models.functions import Now

from bekhedmetkom.entities.models import Entity


class CaseSearch(models.Model):
    """What the desk searches: folded words of a case, beside what decides who may find it. Kept by a follower."""

    case = models.OneToOneField("Case", models.CASCADE, primary_key=True, related_name="search")
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="+", db_index=False)
    received_at = models.DateTimeField()
    care = models.CharField(max_length=20)
    words = SearchVectorField()
    names = ArrayField(
        models.TextField(), default=list, db_default=[]
    )  # folded; none where the name is withheld
    published = SearchVectorField(
        null=True
    )  # words of an answer that everybody may read, as the desk published it

    class Meta:
        db_table = "case_search"
        indexes = [
            # What came in since the index was last put in order is read with each search, so it is kept short (kB).
            GinIndex(
                F("entity"),
                Func(F("received_at"), function="hours_of"),
                F("words"),
                name="case_search_words",
                gin_pending_list_limit=128,
            ),
            models.Index(F("received_at").desc(), name="case_search_newest"),
            GinIndex(F("entity"), F("names"), name="case_search_names", gin_pending_list_limit=128),
            GinIndex(
                fields=["published"],
                name="case_search_published",
                condition=models.Q(published__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"words of {self.case_id}"


class FollowerCursor(models.Model):
    """How far a follower has read: the last event that has taken effect in its own rows."""

    name = models.CharField(max_length=40, primary_key=True)
    epoch = models.IntegerField(default=0)
    xid = models.BigIntegerField(default=0)
    event = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "follower"

    def __str__(self) -> str:
        return self.name
