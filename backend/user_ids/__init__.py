"""User-ID requests: faxed forms, their checks and dates, approval and denial."""
