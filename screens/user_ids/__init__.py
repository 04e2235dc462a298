"""User-ID requests by the day they must be mailed: check the form, approve or deny it."""
