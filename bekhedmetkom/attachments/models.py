"""Uploads that were received and cleaned and wait for their case."""

from django.db import models


class Upload(models.Model):
    """One file between its upload and its case. Its id is drawn at random: whoever knows it sent the file.

    A case takes it by deleting the row (cases.journal), so it is used once whoever races; what no case has taken by
    `expires_at` is deleted with its bytes. The bytes lie in the store under the id.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    name = models.CharField(max_length=100)
    media_type = models.CharField(max_length=30)
    size = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "upload"
        indexes = [models.Index("expires_at", name="upload_expires_at")]

    def __str__(self) -> str:
        return f"upload {self.id}"
